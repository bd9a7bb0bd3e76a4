import type { FixEdit } from '../base/edits.ts';
import { readField } from '../schema/read-field.ts';
import type { Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

/**
 * The edit that fills a field with a value. None where the field is there, where a field in another
 * place means it, or where what is on the way to it is no object; null counts as absent.
 */
export function add(world: World, resource: Resource, path: Path, value: Json): readonly FixEdit[] {
  return readField(world, resource, path).state === 'absent' ? [{ op: 'add', path, value }] : [];
}
