import { isBeingDeleted, type Kind, type Resource } from '../base/model.ts';
import type { ClusterId } from './cluster.ts';
import { isOrphan } from './owner-reference.ts';
import type { World } from '../world.ts';

/**
 * True for an object that does not count as present for those that come, because it or its namespace is being
 * deleted, or the garbage collector deletes it. Only at admission: a report of the cluster does not list what is
 * gone soon.
 */
export function isLeaving(world: World, resource: Resource): boolean {
  return isEnding(world, resource) || (world.mode === 'admission' && isOrphan(world, resource));
}

/** The same without what the garbage collector deletes: that can be saved if its owners are removed. */
export function isEnding(world: World, resource: Resource): boolean {
  if (world.mode !== 'admission') return false;
  if (isBeingDeleted(resource)) return true;
  const name = resource.ref.namespace;
  const namespace = name === undefined ? undefined : world.get('Namespace', undefined, name);
  return namespace !== undefined && isBeingDeleted(namespace);
}

/** An object that another one refers to, if it is being deleted and the other one is not. */
export function leavingTarget(
  world: World,
  from: Resource,
  kind: Kind,
  { namespace, name }: ClusterId,
): Resource | undefined {
  const target = world.get(kind, namespace, name);
  return target !== undefined && isLeaving(world, target) && !isEnding(world, from) ? target : undefined;
}
