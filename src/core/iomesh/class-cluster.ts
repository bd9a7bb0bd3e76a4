/** Which IOMesh cluster a StorageClass uses. */
import type { Resource } from '../base/model.ts';
import { misspelling } from './class-parameters.ts';
import type { World } from '../world.ts';
import { type ClusterId, clusterText } from './cluster.ts';
import { addressedCluster } from './connection.ts';
import { clustersNamed } from './references.ts';
import { CLASS_REFERENCES, DEFAULT_CLASS, isIomeshClass, readReference } from './storage-class.ts';

/**
 * The cluster that serves a class of IOMesh. Without references it is the management cluster: the controller of
 * the CSI driver then uses the address in its own flags, and the vendor's chart sets it to the `iomesh-access`
 * Service in the namespace of its release. Undefined if the references are invalid, lead nowhere or contradict
 * each other, or if the management cluster is not in this world.
 */
export function servingCluster(world: World, storageClass: Resource): ClusterId | undefined {
  const cluster = readReference(world, storageClass, 'iomeshCluster');
  const connection = readReference(world, storageClass, 'clusterConnection');
  if (cluster.state === 'absent' && connection.state === 'absent')
    return world.management === undefined ? undefined : world.config.managementCluster;
  const named = cluster.state === 'present' ? cluster.id : undefined;
  const target =
    connection.state === 'present'
      ? world.get('ConfigMap', connection.id.namespace, connection.id.name)
      : undefined;
  const addressed = target === undefined ? undefined : addressedCluster(target);
  if (named === undefined || addressed === undefined) return named ?? addressed;
  return clusterText(named) === clusterText(addressed) ? named : undefined;
}

/** True if nothing in a class means a certain cluster: no reference, no misspelt one, and no name of a pool. */
export function namesNoCluster(world: World, storageClass: Resource): boolean {
  return (
    CLASS_REFERENCES.every(
      (name) =>
        readReference(world, storageClass, name).state === 'absent' &&
        misspelling(storageClass, name, world.iomeshVersion) === undefined,
    ) && clustersNamed(world, storageClass.ref.name).every((each) => world.isManagement(each.ref))
  );
}

/** True if a name is that of a class of IOMesh. The class of the chart is often not in the files of a person. */
export function isIomeshClassName(world: World, name: string): boolean {
  const storageClass = world.get('StorageClass', undefined, name);
  return storageClass === undefined
    ? name === DEFAULT_CLASS && world.presence('StorageClass', undefined, name) === 'no'
    : isIomeshClass(storageClass, world.config);
}

/** The cluster that serves the class of a name; undefined if it is unknown, or if the class is not of IOMesh. */
export function servingClusterByName(world: World, name: string): ClusterId | undefined {
  if (!isIomeshClassName(world, name)) return undefined;
  const storageClass = world.get('StorageClass', undefined, name);
  if (storageClass !== undefined) return servingCluster(world, storageClass);
  return world.management === undefined ? undefined : world.config.managementCluster;
}
