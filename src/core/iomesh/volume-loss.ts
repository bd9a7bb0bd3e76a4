/** The volumes that are lost, or cannot be reached, if an object is deleted or leads elsewhere. */
import { isBeingDeleted, type Resource } from '../base/model.ts';
import { atLeast } from '../base/iomesh-version.ts';
import type { World } from '../world.ts';
import { type ClusterId, clusterOf, clusterText, isOfIomesh, objectsOf } from './cluster.ts';
import { addressedCluster, isConnection } from './connection.ts';
import { volumesByCluster, volumesOfCluster, volumesOfConnection, volumesText } from './volumes.ts';

/** Of the volumes whose cluster is unknown, so many are named. */
const MAX_UNKNOWN = 3;

/** `it is unknown which cluster holds 1 volume, …`; nothing without such volumes. */
export function unknownVolumesText(unknown: readonly Resource[]): readonly string[] {
  return unknown.length === 0
    ? []
    : [`it is unknown which cluster holds ${volumesText(unknown, MAX_UNKNOWN)}`];
}

/** What a change loses. */
export interface VolumeLoss {
  readonly volumes: readonly Resource[];
  /** Volumes that may be on the cluster: neither their attributes nor a StorageClass show another one. */
  readonly unknown: readonly Resource[];
  /** Why the volumes could not be read. The lists are then empty. */
  readonly unread: string | undefined;
}

/**
 * What the deletion of an IOMeshCluster, a ZookeeperCluster or a connection ConfigMap loses; undefined if it is
 * nothing. `world` is the one before the deletion.
 */
export function volumeLoss(world: World, deleted: Resource): VolumeLoss | undefined {
  if (deleted.kind === 'ConfigMap') {
    if (!isConnection(world, deleted) || atLeast(world.iomeshVersion, '1.1')) return undefined;
    // The volumes of an unknown cluster may be reached through it, unless it leads to no cluster.
    const leads = addressedCluster(deleted) !== undefined;
    return loss(world, volumesOfConnection(world, deleted), leads ? volumesByCluster(world).unknown : []);
  }
  const id = clusterOf(deleted.ref);
  if (id === undefined || !isOfIomesh(world, deleted)) return undefined;
  const { cluster } = objectsOf(world, id);
  // The deletion of its IOMeshCluster was admitted before.
  if (deleted.kind === 'ZookeeperCluster' && cluster !== undefined && isBeingDeleted(cluster))
    return undefined;
  return lossOfCluster(world, id, cluster !== undefined);
}

/**
 * What an update of a connection ConfigMap loses: the volumes of the cluster that it does not lead to any more.
 * `world` is the one before the update.
 */
export function volumeLossByUpdate(world: World, before: Resource, after: Resource): VolumeLoss | undefined {
  const [left, next] = [addressedCluster(before), addressedCluster(after)];
  if (!leavesCluster(before, after) || isBeingDeleted(before)) return undefined;
  // An address of no cluster led to no volume.
  if (left === undefined || world.get('IOMeshCluster', left.namespace, left.name) === undefined)
    return undefined;
  const lost = volumeLoss(world, before);
  if (lost === undefined || next === undefined) return lost;
  // Of a contradiction, the update may be the correction.
  const reached = new Set(volumesOfCluster(world, next));
  const volumes = lost.volumes.filter((each) => !reached.has(each));
  return volumes.length + lost.unknown.length === 0 && lost.unread === undefined
    ? undefined
    : { ...lost, volumes };
}

/** True for an update with which a ConfigMap does not address its previous cluster any more. */
export function leavesCluster(before: Resource, after: Resource): boolean {
  const [left, next] = [addressedCluster(before), addressedCluster(after)];
  return left !== undefined && (next === undefined || clusterText(left) !== clusterText(next));
}

function lossOfCluster(world: World, id: ClusterId, exists: boolean): VolumeLoss | undefined {
  return loss(world, volumesOfCluster(world, id), exists ? volumesByCluster(world).unknown : []);
}

function loss(
  world: World,
  volumes: readonly Resource[],
  unknown: readonly Resource[],
): VolumeLoss | undefined {
  const unread = world.whyUnread('PersistentVolume');
  if (unread === undefined && volumes.length === 0 && unknown.length === 0) return undefined;
  return { volumes, unknown, unread };
}
