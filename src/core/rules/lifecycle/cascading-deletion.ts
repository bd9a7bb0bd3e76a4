import { atLeast } from '../../base/iomesh-version.ts';
import { describe, displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import { joined } from '../../base/text.ts';
import { addException } from '../../base/waivers.ts';
import {
  CLUSTER_DEFINITIONS,
  CLUSTER_KINDS,
  type ClusterId,
  clusterOf,
  clusterText,
  isOfIomesh,
  objectsOf,
} from '../../iomesh/cluster.ts';
import { isConnection } from '../../iomesh/connection.ts';
import { managementRole } from '../../iomesh/management.ts';
import { planRemoval } from '../../iomesh/removal.ts';
import { classesOfConnection } from '../../iomesh/storage-class.ts';
import { unknownVolumesText, type VolumeLoss, volumeLoss } from '../../iomesh/volume-loss.ts';
import { volumesOfCluster, volumesText } from '../../iomesh/volumes.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';

/** Objects that a message names; of more, the rest is counted. */
const MAX_NAMED = 5;

/** IOM607: a Namespace or a CustomResourceDefinition is deleted, and Kubernetes deletes clusters with it. */
export const cascadingDeletion: Rule = {
  code: 'IOM607',
  name: 'cascading-deletion',
  severity: { lint: 'none', admission: 'deny' },
  minor: { lint: 'none', admission: 'warn' },
  kinds: ['Namespace', 'CustomResourceDefinition'],
  checkChange({ before, after }, was, _is, report) {
    if (before === undefined || after !== undefined) return;
    const deleted = deletedWith(was, before);
    if (deleted.length === 0) return;
    const reasons = before.kind === 'Namespace' ? reasonsToKeep(was, deleted) : [];
    const isDenied = reasons.length > 0 || before.kind !== 'Namespace';
    const names = deleted.map(({ ref }) => describe(ref));
    report({
      path: ['metadata', 'name'],
      message: [`deleting ${describe(before.ref)} also deletes ${joined(names, MAX_NAMED)}`, ...reasons].join(
        '; ',
      ),
      help: isDenied
        ? `${firstSteps(was, before, deleted)}; to delete the ${before.kind} all the same, ${addException('IOM607')}`
        : 'if the cluster is to stay, keep the Namespace',
      minor: !isDenied,
    });
  },
};

/** The objects of IOMesh that Kubernetes deletes with a Namespace or a definition. */
function deletedWith(world: World, { kind, ref }: Resource): readonly Resource[] {
  const stays = (each: Resource) => !isBeingDeleted(each) && isOfIomesh(world, each);
  if (kind === 'Namespace')
    return [
      ...CLUSTER_KINDS.flatMap((each) => world.inNamespace(each, ref.name).filter(stays)),
      ...world.inNamespace('ConfigMap', ref.name).filter((each) => isNeeded(world, each)),
    ];
  const defined = kind === 'CustomResourceDefinition' ? CLUSTER_DEFINITIONS.get(ref.name) : undefined;
  return defined === undefined ? [] : world.all(defined).filter(stays);
}

/** True for a connection ConfigMap that a StorageClass names, or that volumes need. */
function isNeeded(world: World, connection: Resource): boolean {
  if (isBeingDeleted(connection) || !isConnection(world, connection)) return false;
  return classesOfConnection(world, connection.ref).length > 0 || volumeLoss(world, connection) !== undefined;
}

/** Why the objects in a Namespace must not be deleted; none if nothing is lost. */
function reasonsToKeep(world: World, deleted: readonly Resource[]): readonly string[] {
  return [
    ...volumeReasons(deleted.flatMap((each) => volumeLoss(world, each) ?? [])),
    ...deleted.flatMap((each) => managementReason(world, each, deleted) ?? []),
  ];
}

function volumeReasons(losses: readonly VolumeLoss[]): readonly string[] {
  const unread = losses.find((each) => each.unread !== undefined)?.unread;
  if (unread !== undefined) return [`cannot verify that no volume needs them: ${unread}`];
  const needing = distinct(losses.flatMap(({ volumes }) => volumes));
  const unknown = distinct(losses.flatMap((each) => each.unknown));
  return [
    ...(needing.length === 0 ? [] : [`they are needed by ${volumesText(needing)}`]),
    ...unknownVolumesText(unknown),
  ];
}

function distinct(resources: readonly Resource[]): readonly Resource[] {
  return [...new Map(resources.map((each) => [each.key, each])).values()];
}

/** Other clusters need the management cluster; from 1.1 on, only those with volumes do (see IOM601). */
function managementReason(world: World, cluster: Resource, deleted: readonly Resource[]): string | undefined {
  const role = cluster.kind === 'IOMeshCluster' ? managementRole(world, cluster) : undefined;
  if (role === undefined) return undefined;
  const others = world.all('IOMeshCluster').filter((each) => !deleted.includes(each));
  const hasVolumes = (each: Resource) => {
    const id = clusterOf(each.ref);
    return id !== undefined && volumesOfCluster(world, id).length > 0;
  };
  const needing = atLeast(world.iomeshVersion, '1.1') ? others.filter(hasVolumes) : others;
  if (needing.length === 0) return undefined;
  const names = joined(needing.map(({ ref }) => displayName(ref)).sort(), MAX_NAMED);
  return `${displayName(cluster.ref)} is ${role}, whose operator and CSI driver are needed by ${names}`;
}

/** The removal of the clusters one by one: the management cluster, which serves all others, comes last. */
function firstSteps(world: World, container: Resource, deleted: readonly Resource[]): string {
  const ids = new Map<string, ClusterId>();
  const add = (resources: readonly Resource[]) => {
    for (const { kind, ref } of resources) {
      const id = kind === 'ConfigMap' ? undefined : clusterOf(ref);
      if (id !== undefined) ids.set(clusterText(id), id);
    }
  };
  // Its pools go first, also those outside the Namespace.
  if (deleted.some((each) => managementRole(world, each) !== undefined)) add(world.all('IOMeshCluster'));
  add(deleted);
  const isLast = (id: ClusterId) => {
    const { cluster } = objectsOf(world, id);
    return cluster !== undefined && managementRole(world, cluster) !== undefined;
  };
  const ordered = [...ids.values()].sort((a, b) => Number(isLast(a)) - Number(isLast(b)));
  const plans = ordered.map((id) => planRemoval(world, id));
  const last = ordered.at(-1);
  const lists = 'kubectl get pv lists the volumes';
  if (last === undefined) return lists;
  if (plans.length === 1) return `${plans[0]} prints the steps before; ${lists}`;
  return isLast(last)
    ? `remove the pools first, each as its plan says (${joined(plans.slice(0, -1), MAX_NAMED)}), then ${displayName(last)} (${plans.at(-1)}), then the ${container.kind}; ${lists}`
    : `remove the clusters one by one first, each as its plan says (${joined(plans, MAX_NAMED)}); ${lists}`;
}
