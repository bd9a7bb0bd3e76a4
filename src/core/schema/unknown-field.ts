import { at, type Json, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, type Path, parentPath } from '../base/path.ts';
import { withFields } from '../base/help-text.ts';
import { either, quoted } from '../base/text.ts';
import type { SchemaError } from './schema-error.ts';
import { type FieldTree, fieldNames, nodeAt } from './field-tree.ts';
import { isFree, type Meant, meantBy } from './intended-field.ts';
import { NOT_HERE } from './renames.ts';
import { fieldText } from './field-text.ts';

const REFUSED = 'kubectl refuses an unknown field; without strict validation it is dropped without a word';
const MAX_NAMES = 12;

/**
 * A field the schema does not know (IOM004). `newer` is the tree of a later IOMesh version, which may know
 * it.
 */
export function unknownFieldError(
  resource: Resource,
  tree: FieldTree,
  path: Path,
  newer: FieldTree | undefined,
): SchemaError {
  const parent = parentPath(path);
  const key = String(path.at(-1));
  const place = fieldText(parent, resource.kind);
  const fact = `${quoted(key)} is not a field of ${place}`;
  const fault = { code: 'IOM004', path, part: 'key' } as const;
  const value = at(resource.json, path) ?? null;
  if (newer !== undefined && nodeAt(newer, path) !== undefined)
    return {
      ...fault,
      message: `${fact} in IOMesh 1.0; it is known from IOMesh 1.2`,
      help: 'remove it, or set iomeshVersion: "1.2" in the configuration if that is what runs',
    };
  const note = noteOn(resource.kind, parent, key);
  if (note !== undefined) return { ...fault, message: fact, help: note };
  const meant = meantBy(tree, parent, key, value);
  if (meant === undefined) return { ...fault, message: fact, help: `${REFUSED}; ${known(tree, parent)}` };
  if (meant.others.length > 0) return severalPlaces(fault, fact, meant);
  return onePlace(resource, fault, fact, meant);
}

type Base = Pick<SchemaError, 'code' | 'path' | 'part'>;

function severalPlaces(fault: Base, fact: string, meant: Meant): SchemaError {
  const places = [meant.path, ...meant.others].map(formatPath);
  return {
    ...fault,
    message: `${fact}; it belongs in ${either(places.slice(0, 3).map((each) => each))}`,
    help: `${REFUSED}; move it to each place where it is meant`,
  };
}

function onePlace(resource: Resource, fault: Base, fact: string, meant: Meant): SchemaError {
  const target = formatPath(meant.path);
  const beside = meant.by !== 'place';
  const message = beside
    ? `${fact}; ${meant.by === 'name' ? 'the field is called' : 'did you mean'} ${quoted(meant.name)}${meant.by === 'name' ? '' : '?'}`
    : `${fact}; ${meant.name === fault.path.at(-1) ? 'it' : quoted(meant.name)} belongs ${meant.exact ? `at ${target}` : `inside ${target}`}`;
  const base = { ...fault, message, means: meant.path };
  if (!meant.exact) return { ...base, help: withFields`move it into ${meant.path}` };
  if (!isFree(resource.json, meant.path))
    return { ...base, help: withFields`${meant.path} is set already: remove the one that is not meant` };
  const description = beside ? `rename it to ${quoted(meant.name)}` : withFields`move it to ${meant.path}`;
  const edits = [{ op: 'move', from: fault.path, path: meant.path }] as const;
  return { ...base, help: description, fix: { safety: 'unsafe', description, edits } };
}

function noteOn(kind: string, parent: Path, key: string): string | undefined {
  const place = own(own(NOT_HERE as unknown as Json, kind), formatPath(parent));
  const note = own(place, key);
  return typeof note === 'string' ? note : undefined;
}

function known(tree: FieldTree, parent: Path): string {
  const here = nodeAt(tree, parent);
  const names = here === undefined ? [] : fieldNames(here);
  const more = names.length > MAX_NAMES ? ', …' : '';
  return `fields here are ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}
