import { type ComponentPlacement, clusterCount, clusterOf, objectsOf } from './cluster.ts';
import type { Change, Resource } from '../base/model.ts';
import { type Selection, satisfiable } from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** The kinds that bring components which are placed on nodes. */
export const PLACED_KINDS = ['IOMeshCluster', 'ZookeeperCluster'] as const;

/** What a component requires of its node, where that is something a node can have. */
export function usableSelection({ placement }: ComponentPlacement): Selection | undefined {
  const { selection } = placement;
  return selection !== undefined && satisfiable(selection) ? selection : undefined;
}

/** True where there is another cluster to be kept apart from. */
export function hasSeveralClusters(world: World): boolean {
  return clusterCount(world) > 1;
}

/** The objects whose components start or cease to need isolation because a second cluster came or went. */
export function* affectedByCount(_change: Change, before: World, after: World): Iterable<Resource> {
  if (hasSeveralClusters(before) === hasSeveralClusters(after)) return;
  yield* placedObjects(hasSeveralClusters(after) ? after : before);
}

/** Every object that brings components of a cluster. */
export function* placedObjects(world: World): Iterable<Resource> {
  for (const kind of PLACED_KINDS)
    for (const resource of world.all(kind)) if (clusterOf(resource.ref) !== undefined) yield resource;
}

/** Those of a change of a Node: what is known of nodes may decide any of them. */
export function* affectedByNodes(change: Change, before: World, after: World): Iterable<Resource> {
  if ((change.after ?? change.before)?.kind !== 'Node') return;
  yield* placedObjects(before);
  yield* placedObjects(after);
}

/** The objects of the cluster that a changed object belongs to, itself among them. */
export function partnersOf(change: Change, before: World, after: World): readonly Resource[] {
  const ref = (change.after ?? change.before)?.ref;
  const id = ref === undefined ? undefined : clusterOf(ref);
  return id === undefined ? [] : [before, after].flatMap((world) => Object.values(objectsOf(world, id)));
}
