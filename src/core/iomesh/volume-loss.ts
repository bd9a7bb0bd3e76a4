/** The volumes that are lost, or cannot be reached, if an object is deleted. */
import { isBeingDeleted, type Resource } from '../base/model.ts';
import { atLeast } from '../base/iomesh-version.ts';
import type { World } from '../world.ts';
import { type ClusterId, clusterOf, isOfIomesh, objectsOf } from './cluster.ts';
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

/** What a deletion loses. */
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
