import { isBeingDeleted, type Resource } from '../base/model.ts';
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
