import { at, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { isPrefix, type Path } from '../base/path.ts';
import { schemaErrors } from '../schema/schema-errors.ts';
import type { World } from '../world.ts';
import { mutate } from './mutate.ts';

/**
 * The value that the defaults give to a missing field; undefined if the field, or one in it, is still missing
 * after them.
 */
export function completedFields(subject: Resource, world: World): (path: Path) => Json | undefined {
  const { resource } = mutate(subject, world, 'CREATE');
  if (resource === subject) return () => undefined;
  const left = schemaErrors(resource, world.iomeshVersion).filter(({ code }) => code === 'IOM006');
  return (path) => (left.some((error) => isPrefix(path, error.path)) ? undefined : at(resource.json, path));
}
