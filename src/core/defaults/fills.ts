import type { FixEdit } from '../base/edits.ts';
import { at } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { isPrefix } from '../base/path.ts';
import type { World } from '../world.ts';
import { mutate } from './index.ts';

/**
 * True where a fix does nothing but fill absent fields, each with what the mutating webhook would fill:
 * then it is safe. Nothing that a person wrote is changed by it.
 */
export function fillsAsDefault(resource: Resource, world: World, edits: readonly FixEdit[]): boolean {
  if (edits.length === 0 || edits.some(({ op }) => op !== 'add')) return false;
  const mutation = mutate(resource, world, 'CREATE');
  return edits.every(
    (edit) =>
      edit.op === 'add' &&
      mutation.filled.some(({ path }) => isPrefix(path, edit.path) || isPrefix(edit.path, path)) &&
      at(resource.json, edit.path) === undefined &&
      JSON.stringify(at(mutation.resource.json, edit.path)) === JSON.stringify(edit.value),
  );
}
