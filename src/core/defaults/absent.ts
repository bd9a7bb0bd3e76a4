import { read } from '../field.ts';
import type { FixEdit } from '../finding.ts';
import { at, isObject, type Json } from '../json.ts';
import type { Resource } from '../model.ts';
import { isPrefix, type Path } from '../path.ts';
import { structure } from '../structure.ts';
import type { World } from '../world.ts';

/**
 * True where a field may be filled: it is absent or null, no field that stands elsewhere means it, and
 * what is on the way to it is absent, null or an object.
 */
export function isAbsent(world: World, resource: Resource, path: Path): boolean {
  if (read(world, resource, path).state !== 'absent') return false;
  return path.every((_step, length) => {
    const parent = at(resource.json, path.slice(0, length));
    if (parent === null) return !hasStrayChild(world, resource, path.slice(0, length));
    return parent === undefined || isObject(parent);
  });
}

/** The edit that fills a field with a value, where it may be filled. */
export function add(world: World, resource: Resource, path: Path, value: Json): readonly FixEdit[] {
  return isAbsent(world, resource, path) ? [{ op: 'add', path, value }] : [];
}

/** A null key whose children stand beside it is a slip of indentation: filling it would bury them. */
function hasStrayChild(world: World, resource: Resource, parent: Path): boolean {
  return structure(resource, world.config.iomeshVersion).some(
    ({ means }) => means !== undefined && means.length > parent.length && isPrefix(parent, means),
  );
}
