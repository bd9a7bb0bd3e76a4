import { type Change, describe, isBeingDeleted } from '../core/base/model.ts';
import type { World } from '../core/world.ts';

/** Why the apiserver cannot store a creation, with the status that it would answer itself. */
export interface CreationRefusal {
  readonly code: 403 | 404 | 409;
  readonly reason: 'AlreadyExists' | 'Forbidden' | 'NotFound';
  readonly message: string;
}

/**
 * Why the world shows that a creation cannot be stored: the name is taken, or the namespace does not exist or
 * is being deleted. Such a creation is refused, not admitted without an entry in the ledger: the object that has
 * the name can be deleted before the apiserver looks, and then the creation would be stored, unknown to all
 * replicas.
 */
export function refusalOf({ before, after }: Change, world: World): CreationRefusal | undefined {
  if (before !== undefined || after === undefined) return undefined;
  const { namespace, name } = after.ref;
  if (namespace !== undefined) {
    const holder = world.get('Namespace', undefined, namespace);
    if (holder === undefined)
      return { code: 404, reason: 'NotFound', message: `namespace "${namespace}" does not exist` };
    if (isBeingDeleted(holder)) {
      const message = `namespace "${namespace}" is being deleted`;
      return { code: 403, reason: 'Forbidden', message };
    }
  }
  if (name === '' || world.getByKey(after.key) === undefined) return undefined;
  return { code: 409, reason: 'AlreadyExists', message: `${describe(after.ref)} already exists` };
}
