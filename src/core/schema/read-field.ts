import { at, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { isRelated, type Path } from '../base/path.ts';
import { schemaErrors } from './schema-errors.ts';
import type { World } from '../world.ts';

/**
 * A field that a rule can rely on. It is `invalid` if it is misplaced, of a wrong type or still a
 * placeholder. That is reported as an error of its own, and rules report nothing that follows from it. A
 * field that the reader could not read is invalid too.
 */
export type Field =
  | { readonly state: 'absent'; readonly value: undefined }
  | { readonly state: 'present'; readonly value: Json }
  | { readonly state: 'invalid'; readonly value: undefined };

const ABSENT: Field = { state: 'absent', value: undefined };
const INVALID: Field = { state: 'invalid', value: undefined };

/** Reads one field of an object. A null counts as absent, as the apiserver drops it. */
export function readField(world: World, resource: Resource, path: Path): Field {
  if (resource.unknown?.some((each) => isRelated(each, path))) return INVALID;
  for (const error of schemaErrors(resource, world.iomeshVersion)) {
    if (error.minor === true || !world.suppresses(error.code, resource)) continue;
    // A missing child does not make its parents invalid. Any other error affects its parents and children.
    const affected = error.intended ?? (error.code === 'IOM006' ? undefined : error.path);
    if (affected !== undefined && isRelated(affected, path)) return INVALID;
  }
  const value = at(resource.json, path);
  return value === undefined || value === null ? ABSENT : { state: 'present', value };
}

/** A field that must be a string. */
export type StringField =
  | Exclude<Field, { state: 'present' }>
  | { readonly state: 'present'; readonly value: string };

/** Reads a field that must be a string. A value of another type is invalid. */
export function readString(world: World, resource: Resource, path: Path): StringField {
  const field = readField(world, resource, path);
  if (field.state !== 'present') return field;
  return typeof field.value === 'string'
    ? { state: 'present', value: field.value }
    : { state: 'invalid', value: undefined };
}
