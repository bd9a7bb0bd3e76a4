/**
 * What a person may leave out, and what it is filled with: the mutating webhook's whole work.
 *
 * Every default names fields of one object that are absent; `mutate` gathers them into one patch. It
 * never touches what a person wrote, so applying it again, in whatever order objects arrive, changes
 * nothing more.
 */
import { isOfIomesh } from '../iomesh/cluster.ts';
import { isBeingDeleted, type Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';
import { affinityFromPool } from './affinity-from-pool.ts';
import { affinityFromPoolLabel } from './affinity-from-pool-label.ts';
import { affinityFromSibling } from './affinity-from-sibling.ts';
import { blockDeviceNamespace } from './block-device-namespace.ts';
import { classCluster } from './class-cluster.ts';
import { classConnection } from './class-connection.ts';
import { clusterId } from './cluster-id.ts';
import { dataCidr } from './data-cidr.ts';
import type { Default, Operation } from './default.ts';
import { diskDeploymentMode } from './disk-deployment-mode.ts';
import { fstype } from './fstype.ts';
import { imagePullPolicy } from './image-pull-policy.ts';
import { imageRepository } from './image-repository.ts';
import { imageTag } from './image-tag.ts';
import { iscsiPortal } from './iscsi-portal.ts';
import { metaAddr } from './meta-addr.ts';
import { type PatchOperation, patchOf, withAdded } from './patch.ts';
import { reclaimPolicy } from './reclaim-policy.ts';
import { replicaFactor } from './replica-factor.ts';
import { storageClassName } from './storage-class-name.ts';
import { thinProvision } from './thin-provision.ts';
import { zookeeperAntiAffinity } from './zookeeper-anti-affinity.ts';

export type { Default, Operation } from './default.ts';
export type { PatchOperation } from './patch.ts';

/** Every default. No two fill the same field of the same object. */
export const defaults: readonly Default[] = [
  affinityFromSibling,
  affinityFromPool,
  affinityFromPoolLabel,
  zookeeperAntiAffinity,
  blockDeviceNamespace,
  imageRepository,
  imageTag,
  imagePullPolicy,
  dataCidr,
  diskDeploymentMode,
  storageClassName,
  reclaimPolicy,
  iscsiPortal,
  clusterId,
  metaAddr,
  classConnection,
  classCluster,
  fstype,
  replicaFactor,
  thinProvision,
];

/** What filling did to an object. */
export interface Mutation {
  /** RFC 6902; empty where there was nothing to fill. Applied to the object's JSON, it gives `resource.json`. */
  readonly patch: readonly PatchOperation[];
  /** The object after; the very one that was given where there was nothing to fill. */
  readonly resource: Resource;
  /** Which default filled which field. */
  readonly filled: readonly { readonly name: string; readonly path: Path }[];
}

/**
 * Fills what an object lacks, for a world it is about to enter, whether or not that world holds an
 * older version of it. An object that is being deleted stays as it is. Never throws, whatever the
 * object holds. The object must be a whole one: a subresource is not to be mutated.
 */
export function mutate(resource: Resource, world: World, operation: Operation): Mutation {
  // What a person misplaced is not filled over, even where nobody is told of it.
  const asWritten = world.inMode('lint');
  const untouched = isBeingDeleted(resource) || !isOfIomesh(world, resource);
  const asked = untouched ? [] : defaults.filter(({ kinds }) => kinds.includes(resource.kind));
  const found = asked.flatMap((each) =>
    each.fill(resource, asWritten, operation).map((edit) => ({ name: each.name, edit })),
  );
  if (found.length === 0) return { patch: [], resource, filled: [] };
  const json = withAdded(
    resource.json,
    found.map(({ edit }) => edit),
  );
  return {
    patch: patchOf(resource.json, json),
    resource: { ...resource, json },
    filled: found.map(({ name, edit }) => ({ name, path: edit.path })),
  };
}
