import { isBeingDeleted, type Kind, type Resource } from '../base/model.ts';
import type { ClusterId } from './cluster.ts';
import type { World } from '../world.ts';

/**
 * True for an object that does not count as present for those that come, because it or its namespace is being
 * deleted. Only at admission: a report of the cluster does not list what is gone soon.
 */
export function isLeaving(world: World, resource: Resource): boolean {
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
  return target !== undefined && isLeaving(world, target) && !isLeaving(world, from) ? target : undefined;
}
