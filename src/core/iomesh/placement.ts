import { type ComponentPlacement, clusterCount, clusterOf } from './cluster.ts';
import type { Resource } from '../base/model.ts';
import { type Selection, satisfiable } from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** The kinds whose components are placed on nodes. */
export const PLACED_KINDS = ['IOMeshCluster', 'ZookeeperCluster'] as const;

/** The node selection that a component requires, if a node can satisfy it. */
export function usableSelection({ placement }: ComponentPlacement): Selection | undefined {
  const { selection } = placement;
  return selection !== undefined && satisfiable(selection) ? selection : undefined;
}

/** True if there are other clusters to stay apart from. */
export function hasSeveralClusters(world: World): boolean {
  return clusterCount(world) > 1;
}

/** Every object that places components of a cluster on nodes. */
export function* placedObjects(world: World): Iterable<Resource> {
  for (const kind of PLACED_KINDS)
    for (const resource of world.all(kind)) if (clusterOf(resource.ref) !== undefined) yield resource;
}
