import { at, isObject, type JsonObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, type Path, parentPath } from '../base/path.ts';
import { fieldName, withFields } from '../base/help-text.ts';
import { quoted } from '../base/text.ts';
import type { SchemaError } from './schema-error.ts';
import { childOf, type FieldTree, nodeAt, takes } from './field-tree.ts';
import { fieldText } from './field-text.ts';

/** A field that is absent and required (IOM006). */
export function missingFieldError(resource: Resource, path: Path, tree: FieldTree): SchemaError {
  const { kind, json } = resource;
  const field = fieldText(path, kind);
  const empty = at(json, path) === null;
  const values = nodeAt(tree, path)?.values ?? [];
  const only = values.length === 1 ? `: ${String(values[0])}` : '';
  const add = withFields`add ${fieldName(path, field)}${only}`;
  return {
    code: 'IOM006',
    path,
    message: `${field} is ${empty ? 'empty' : 'missing'}, but ${fieldText(parentPath(path), kind)} requires it`,
    help: withFields`${empty ? 'set a value' : add}; the apiserver rejects the object without it`,
    fix: { safety: 'shown', description: add },
    // An incomplete item makes its list unreliable.
    intended: path.some((step) => typeof step === 'number') ? parentPath(path) : undefined,
  };
}

/** A null key and the unknown fields next to it that belong under it. */
export interface NullParent {
  readonly path: Path;
  readonly children: readonly Path[];
}

/** Unknown fields for which a parent is searched, each among all fields next to it. */
const MAX_STRAYS = 100;
/** Null keys before an unknown field that are considered. */
const MAX_NULLS = 20;
/** Items before its own that are searched for the parent of a field in a list. */
const MAX_ITEMS_BACK = 8;

/**
 * Finds null keys whose children are written at the depth of the key itself, or in the next item of a list.
 * Each unknown field belongs to the nearest null key before it that knows a field of that name.
 */
export function nullParents(
  resource: Resource,
  tree: FieldTree,
  unknown: readonly Path[],
): readonly NullParent[] {
  const found = new Map<string, { path: Path; children: Path[] }>();
  for (const path of unknown.slice(0, MAX_STRAYS)) {
    const parent = parentOf(resource, tree, parentPath(path), String(path.at(-1)));
    if (parent === undefined) continue;
    const name = JSON.stringify(parent);
    const known = found.get(name);
    if (known === undefined) found.set(name, { path: parent, children: [path] });
    else known.children.push(path);
  }
  return [...found.values()];
}

/** A null key whose children are next to it (IOM006). */
export function nullParentError(resource: Resource, { path, children }: NullParent): SchemaError {
  const names = children.slice(0, 4).map((child) => quoted(String(child.at(-1))));
  const more = children.length > 4 ? ` and ${children.length - 4} more` : '';
  const field = fieldText(path, resource.kind);
  const isList = isInside(children[0], path);
  const description = isList
    ? `indent ${names.join(', ')}${more} under ${quoted(String(path.at(-1)))}`
    : `indent the lines of ${names.join(', ')}${more} by two more spaces, so that they are under ${quoted(String(path.at(-1)))}`;
  return {
    code: 'IOM006',
    path,
    part: 'key',
    intended: path,
    message: `${field} is empty, because ${names.join(', ')}${more} ${children.length === 1 ? 'is' : 'are'} next to it and not under it`,
    help: description,
    fix: { safety: 'shown', description },
  };
}

function isInside(child: Path | undefined, parent: Path): boolean {
  return child !== undefined && formatPath(parentPath(child)) !== formatPath(parentPath(parent));
}

function parentOf(resource: Resource, tree: FieldTree, holder: Path, key: string): Path | undefined {
  const here = nullKeyFor(resource, tree, holder, key, true);
  if (here !== undefined) return here;
  const index = holder.at(-1);
  if (typeof index !== 'number') return undefined;
  for (let back = index - 1; back >= 0 && back >= index - MAX_ITEMS_BACK; back -= 1) {
    const item = [...parentPath(holder), back];
    const found = nullKeyFor(resource, tree, item, key, false);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The null key that an unknown key belongs under: one with a field of that name, else a free map before it.
 */
function nullKeyFor(
  resource: Resource,
  tree: FieldTree,
  holder: Path,
  key: string,
  inSame: boolean,
): Path | undefined {
  const object = at(resource.json, holder);
  const here = nodeAt(tree, holder);
  if (!isObject(object) || here === undefined) return undefined;
  const keys = nullKeysOf(object);
  const end = inSame ? keys.all.indexOf(key) : keys.all.length;
  const before = keys.nulls.filter((index) => index < end).slice(-MAX_NULLS);
  const value = own(object, key) ?? null;
  for (const free of inSame ? [false, true] : [false]) {
    for (const index of before.toReversed()) {
      const name = keys.all[index]!;
      const parent = nodeAt(tree, [...holder, name]);
      const child = parent === undefined ? undefined : childOf(parent, key, free);
      if (child !== undefined && takes(child, value)) return [...holder, name];
    }
  }
  return undefined;
}

interface Keys {
  readonly all: readonly string[];
  /** Indexes of the keys without a value. */
  readonly nulls: readonly number[];
}

const KEYS = new WeakMap<JsonObject, Keys>();

/** The keys of an object, listed once for all its unknown keys. */
function nullKeysOf(object: JsonObject): Keys {
  let keys = KEYS.get(object);
  if (keys === undefined) {
    const all = Object.keys(object);
    keys = { all, nulls: [...all.keys()].filter((index) => own(object, all[index]!) === null) };
    KEYS.set(object, keys);
  }
  return keys;
}
