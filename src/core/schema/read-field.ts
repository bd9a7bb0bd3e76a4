import { at, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { isRelated, type Path } from '../base/path.ts';
import { schemaErrors } from './schema-errors.ts';
import type { World } from '../world.ts';

/**
 * A field as a rule may rely on it. `faulty`: it is misplaced, of a wrong type or still a
 * placeholder; that is reported where it stands, and nothing that follows from it is. A field that the
 * reader could not tell counts as faulty too.
 */
export type Field =
  | { readonly state: 'absent'; readonly value: undefined }
  | { readonly state: 'present'; readonly value: Json }
  | { readonly state: 'invalid'; readonly value: undefined };

const ABSENT: Field = { state: 'absent', value: undefined };
const FAULTY: Field = { state: 'invalid', value: undefined };

/** Reads one field of an object. A null counts as absent, as the apiserver drops it. */
export function readField(world: World, resource: Resource, path: Path): Field {
  if (resource.unknown?.some((each) => isRelated(each, path))) return FAULTY;
  const faults = schemaErrors(resource, world.config.iomeshVersion);
  for (const fault of faults) {
    // A missing child is no fault of its parents; anything else spoils what it touches.
    if (!world.reportsSchemaRule(fault.code)) continue;
    const spoils = fault.means ?? (fault.code === 'IOM006' ? undefined : fault.path);
    if (spoils !== undefined && isRelated(spoils, path)) return FAULTY;
  }
  const value = at(resource.json, path);
  return value === undefined || value === null ? ABSENT : { state: 'present', value };
}

export type StringField =
  | Exclude<Field, { state: 'present' }>
  | { readonly state: 'present'; readonly value: string };

/** A field that must be a string: anything but a string counts as faulty. */
export function readString(world: World, resource: Resource, path: Path): StringField {
  const field = readField(world, resource, path);
  if (field.state !== 'present') return field;
  return typeof field.value === 'string'
    ? { state: 'present', value: field.value }
    : { state: 'invalid', value: undefined };
}
