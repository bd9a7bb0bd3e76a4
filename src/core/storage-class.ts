import { type ClusterId, clusterText } from './cluster.ts';
import { asString, at, own } from './json.ts';
import type { ObjectRef, Resource } from './model.ts';
import type { Index, World } from './world.ts';

/** The CSI driver that serves every IOMesh cluster of a Kubernetes cluster. */
export const PROVISIONER = 'com.iomesh.csi-driver';

/** A `<namespace>/<name>` reference among a class's parameters. */
export type ReferenceParameter = 'clusterConnection' | 'iomeshCluster';

/** True for a StorageClass of the IOMesh CSI driver. */
export function isIomeshClass(resource: Resource): boolean {
  return resource.kind === 'StorageClass' && own(resource.json, 'provisioner') === PROVISIONER;
}

/** A parameter of a class, if it is a string. */
export function parameter(resource: Resource, name: string): string | undefined {
  return asString(at(resource.json, ['parameters', name]));
}

/** Reads `<namespace>/<name>`: both DNS names, one slash. Undefined for anything else. */
export function parseReference(text: string): ClusterId | undefined {
  const match = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined || text.length > 317
    ? undefined
    : { namespace: match[1], name: match[2] };
}

function byParameter(name: ReferenceParameter): Index {
  return {
    kind: 'StorageClass',
    keys: (resource) => {
      const value = isIomeshClass(resource) ? parameter(resource, name) : undefined;
      const reference = value === undefined ? undefined : parseReference(value);
      return reference === undefined ? [] : [clusterText(reference)];
    },
  };
}

const BY_CONNECTION = byParameter('clusterConnection');
const BY_CLUSTER = byParameter('iomeshCluster');

/** The classes whose clusterConnection names a ConfigMap. */
export function classesOfConnection(world: World, connection: ObjectRef): readonly Resource[] {
  return world.find(BY_CONNECTION, `${connection.namespace ?? ''}/${connection.name}`);
}

/** The classes whose iomeshCluster names a cluster. */
export function classesOfCluster(world: World, id: ClusterId): readonly Resource[] {
  return world.find(BY_CLUSTER, clusterText(id));
}
