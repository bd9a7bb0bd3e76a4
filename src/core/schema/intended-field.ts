import { at, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { suggest } from '../base/suggest.ts';
import {
  ENTRY,
  type FieldNode,
  type FieldTree,
  fieldNames,
  ITEM,
  nodeAt,
  type KnownField,
  placesByName,
  rootOf,
  takes,
  knownFieldAt,
} from './field-tree.ts';

/** Names that fields have elsewhere: in Helm values, in other objects, in guides. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  replicacount: ['replicas'],
  replicas: ['replicaCount'],
  storage: ['storageSize'],
  tags: ['tag'],
  version: ['tag'],
  imagepullpolicy: ['pullPolicy'],
  storageclassname: ['storageClass'],
  storageclass: ['storageClassName'],
  podpolicy: ['pod'],
  pod: ['podPolicy'],
  terms: ['nodeSelectorTerms'],
  expressions: ['matchExpressions'],
  labels: ['matchLabels'],
  secretname: ['licenseSecretName'],
};

/** The field that an unknown field was most likely meant to be. */
export interface IntendedField {
  /** Its path. If that leads into a list or a free map, the path up to there. */
  readonly path: Path;
  /** True if `path` is the field itself. */
  readonly exact: boolean;
  readonly name: string;
  /** The difference: another name, a misspelling, or another place. */
  readonly by: 'name' | 'spelling' | 'place';
  /** Other places that are equally near. */
  readonly others: readonly Path[];
}

/** The distance within which a misplaced field is searched: steps up, and steps in total. */
const MAX_UP = 2;
const MAX_STEPS = 6;

/**
 * The field that an unknown one was meant to be: a known field next to it with a similar name, else the
 * nearest field of that name in another place. Undefined if no field is similar.
 */
export function findIntendedField(
  tree: FieldTree,
  parent: Path,
  key: string,
  value: Json,
): IntendedField | undefined {
  const here = nodeAt(tree, parent);
  if (here === undefined) return undefined;
  const siblings = fieldNames(here).filter((name) => {
    const field = knownFieldAt(here, [name])?.node;
    return field !== undefined && takes(field, value);
  });
  return (
    sibling(parent, siblings, key, 'spelling', (name) => name.toLowerCase() === key.toLowerCase()) ??
    sibling(parent, siblings, key, 'name', (name) => aliases(key).includes(name)) ??
    dotted(here, parent, key) ??
    elsewhere(tree, parent, key, value) ??
    misspelled(parent, siblings, key) ??
    aliases(key)
      .map((alias) => elsewhere(tree, parent, alias, value))
      .find((found) => found !== undefined) ??
    misspelledElsewhere(tree, parent, key, value)
  );
}

/**
 * True if a value can be added at a path: nothing is set there, and every step on the way is an object or
 * absent.
 */
export function isFree(json: JsonObject, path: Path): boolean {
  for (let length = 1; length < path.length; length += 1) {
    const parent = at(json, path.slice(0, length));
    if (parent === undefined || parent === null) return typeof path[length] === 'string';
    if (typeof path[length] === 'string' ? !isObject(parent) : !Array.isArray(parent)) return false;
  }
  const present = at(json, path);
  return present === undefined || present === null;
}

function aliases(key: string): readonly string[] {
  const name = key.toLowerCase();
  return Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name]! : [];
}

function sibling(
  parent: Path,
  names: readonly string[],
  key: string,
  by: IntendedField['by'],
  fits: (name: string) => boolean,
): IntendedField | undefined {
  const name = names.find((each) => each !== key && fits(each));
  return name === undefined ? undefined : { path: [...parent, name], exact: true, name, by, others: [] };
}

function misspelled(parent: Path, names: readonly string[], key: string): IntendedField | undefined {
  const name = suggest(key, names);
  return name === undefined
    ? undefined
    : { path: [...parent, name], exact: true, name, by: 'spelling', others: [] };
}

function misspelledElsewhere(
  tree: FieldTree,
  parent: Path,
  key: string,
  value: Json,
): IntendedField | undefined {
  const name = suggest(key.toLowerCase(), placesByName(tree).keys());
  return name === undefined ? undefined : elsewhere(tree, parent, name, value);
}

/** For `image.tag` as one key: the nested field. */
function dotted(here: FieldNode, parent: Path, key: string): IntendedField | undefined {
  const steps = key.split('.');
  if (steps.length < 2 || steps.length > 8 || knownFieldAt(here, steps)?.path.includes(ENTRY) !== false)
    return undefined;
  return { path: [...parent, ...steps], exact: true, name: steps.at(-1)!, by: 'place', others: [] };
}

function elsewhere(tree: FieldTree, parent: Path, key: string, value: Json): IntendedField | undefined {
  const from = knownFieldAt(rootOf(tree), parent)?.path ?? [];
  let nearest = MAX_STEPS + 1;
  let found: KnownField[] = [];
  for (const place of placesByName(tree).get(key.toLowerCase()) ?? []) {
    if (!takes(place.node, value) || !isReachable(from, place)) continue;
    const steps = distance(from, place);
    if (steps < nearest) [nearest, found] = [steps, [place]];
    else if (steps === nearest && steps <= MAX_STEPS) found.push(place);
  }
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  const target = located(parent, from, first);
  const name = first.path.at(-1)!;
  return { ...target, name, by: 'place', others: others.map((each) => located(parent, from, each).path) };
}

/**
 * True if a field found in `from` may belong in a place. A field deep in the spec does not belong in the
 * metadata.
 */
function isReachable(from: readonly string[], { path }: KnownField): boolean {
  const up = from.length - shared(from, path.slice(0, -1));
  return up <= MAX_UP && (path[0] !== 'metadata' || from[0] === 'metadata' || from.length <= 1);
}

function distance(from: readonly string[], { path }: KnownField): number {
  const holder = path.slice(0, -1);
  const common = shared(from, holder);
  return from.length - common + (holder.length - common);
}

function shared(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** The path of a place in this object: that of `parent` as far as both share it, then that of the schema. */
function located(
  parent: Path,
  from: readonly string[],
  { path }: KnownField,
): { path: Path; exact: boolean } {
  const common = shared(from, path.slice(0, -1));
  const rest = path.slice(common);
  const open = rest.findIndex((step) => step === ITEM || step === ENTRY);
  return {
    path: [...parent.slice(0, common), ...(open < 0 ? rest : rest.slice(0, open))],
    exact: open < 0,
  };
}
