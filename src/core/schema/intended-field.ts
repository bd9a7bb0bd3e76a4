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
  type FieldPlace,
  placesByName,
  rootOf,
  takes,
  followPath,
} from './field-tree.ts';
import { OTHER_NAMES } from './renames.ts';

/** The field that an unknown one was most likely meant to be. */
export interface Meant {
  /** Its path; where that leads into a list or a free map with several places, the path up to there. */
  readonly path: Path;
  /** Whether `path` is the field itself. */
  readonly exact: boolean;
  /** The field's name. */
  readonly name: string;
  readonly by: 'name' | 'spelling' | 'place';
  /** Other places it might mean, equally near. */
  readonly others: readonly Path[];
}

/** How far a misplaced field is looked for: steps up, and steps in all. */
const MAX_UP = 2;
const MAX_STEPS = 6;

/**
 * What an unknown field was meant to be: a known one beside it of another spelling, or one of that name
 * that has its place elsewhere, the nearest first. Undefined where nothing comes near.
 */
export function meantBy(tree: FieldTree, parent: Path, key: string, value: Json): Meant | undefined {
  const here = nodeAt(tree, parent);
  if (here === undefined) return undefined;
  const beside = fieldNames(here).filter((name) => {
    const field = followPath(here, [name])?.node;
    return field !== undefined && takes(field, value);
  });
  return (
    sibling(parent, beside, key, 'spelling', (name) => name.toLowerCase() === key.toLowerCase()) ??
    sibling(parent, beside, key, 'name', (name) => aliases(key).includes(name)) ??
    dotted(here, parent, key) ??
    elsewhere(tree, parent, key, value) ??
    misspelt(parent, beside, key) ??
    aliases(key)
      .map((alias) => elsewhere(tree, parent, alias, value))
      .find((found) => found !== undefined) ??
    misspeltElsewhere(tree, parent, key, value)
  );
}

/**
 * True where a value can be put at a path: nothing stands there, and what is on the way is an object or
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
  by: Meant['by'],
  fits: (name: string) => boolean,
): Meant | undefined {
  const name = names.find((each) => each !== key && fits(each));
  return name === undefined ? undefined : { path: [...parent, name], exact: true, name, by, others: [] };
}

function misspelt(parent: Path, names: readonly string[], key: string): Meant | undefined {
  const name = suggest(key, names);
  return name === undefined
    ? undefined
    : { path: [...parent, name], exact: true, name, by: 'spelling', others: [] };
}

function misspeltElsewhere(tree: FieldTree, parent: Path, key: string, value: Json): Meant | undefined {
  const name = suggest(key.toLowerCase(), placesByName(tree).keys());
  return name === undefined ? undefined : elsewhere(tree, parent, name, value);
}

/** `image.tag` as one key, where the fields are nested. */
function dotted(here: FieldNode, parent: Path, key: string): Meant | undefined {
  const steps = key.split('.');
  if (steps.length < 2 || steps.length > 8 || followPath(here, steps)?.path.includes(ENTRY) !== false)
    return undefined;
  return { path: [...parent, ...steps], exact: true, name: steps.at(-1)!, by: 'place', others: [] };
}

function elsewhere(tree: FieldTree, parent: Path, key: string, value: Json): Meant | undefined {
  const from = followPath(rootOf(tree), parent)?.path ?? [];
  let nearest = MAX_STEPS + 1;
  let found: FieldPlace[] = [];
  for (const place of placesByName(tree).get(key.toLowerCase()) ?? []) {
    if (!takes(place.node, value) || !within(from, place)) continue;
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
 * True where a field in `from` may have strayed from a place: not from the metadata into the depth of the
 * spec.
 */
function within(from: readonly string[], { path }: FieldPlace): boolean {
  const up = from.length - shared(from, path.slice(0, -1));
  return up <= MAX_UP && (path[0] !== 'metadata' || from[0] === 'metadata' || from.length <= 1);
}

function distance(from: readonly string[], { path }: FieldPlace): number {
  const holder = path.slice(0, -1);
  const common = shared(from, holder);
  return from.length - common + (holder.length - common);
}

function shared(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** The path a place has in this object: what it shares with `parent` is known, the rest is the schema's. */
function located(
  parent: Path,
  from: readonly string[],
  { path }: FieldPlace,
): { path: Path; exact: boolean } {
  const common = shared(from, path.slice(0, -1));
  const rest = path.slice(common);
  const open = rest.findIndex((step) => step === ITEM || step === ENTRY);
  return {
    path: [...parent.slice(0, common), ...(open < 0 ? rest : rest.slice(0, open))],
    exact: open < 0,
  };
}
