import { type Json, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { type FieldNode, nodes } from './compiled.js';

export type { FieldNode } from './compiled.js';

/** The fields an object schema knows: the index of its root. */
export type FieldTree = number;

/** A step into any item of a list, and into any entry of a free map. */
export const ITEM = '[]';
export const ENTRY = '*';

/** A field's place in the schema, whatever the object: list items are `[]`, map entries `*`. */
export type SchemaPath = readonly string[];

/** A field the schema knows, and where. */
export interface FieldPlace {
  readonly path: SchemaPath;
  readonly node: FieldNode;
}

const MAX_DEPTH = 16;

function node(index: number): FieldNode {
  return nodes[index]!;
}

function step(from: FieldNode, key: string | number): { node: FieldNode; name: string } | undefined {
  if (typeof key === 'number')
    return from.items === undefined ? undefined : { node: node(from.items), name: ITEM };
  const field = own(from.fields as Json | undefined, key);
  if (typeof field === 'number') return { node: node(field), name: key };
  return from.entries === undefined ? undefined : { node: node(from.entries), name: ENTRY };
}

/** What the schema says of a path in an object; undefined where it knows no such field. */
export function nodeAt(tree: FieldTree, path: Path): FieldNode | undefined {
  return followPath(node(tree), path)?.node;
}

/** The place in the schema that a path in an object leads to. */
export function placeAt(tree: FieldTree, path: Path): FieldPlace | undefined {
  return followPath(node(tree), path);
}

/** What a node says of one step into it; undefined where it knows no such field. */
export function stepInto(of: FieldNode, key: string | number): FieldNode | undefined {
  if (typeof key === 'number') return of.items === undefined ? undefined : node(of.items);
  const field = own(of.fields as Json | undefined, key) ?? of.entries;
  return typeof field === 'number' ? node(field) : undefined;
}

/** Follows a path from a node. */
export function followPath(from: FieldNode, path: Path): FieldPlace | undefined {
  let current = from;
  const names: string[] = [];
  for (const key of path) {
    const next = step(current, key);
    if (next === undefined) return undefined;
    current = next.node;
    names.push(next.name);
  }
  return { path: names, node: current };
}

/** The names of the fields a node knows. */
export function fieldNames(of: FieldNode): readonly string[] {
  return Object.keys(of.fields ?? {});
}

/** The field of that name, itself or in the items of a list. Entries of a free map count where `free`. */
export function childOf(of: FieldNode, name: string, free: boolean): FieldNode | undefined {
  const holder = of.items === undefined ? of : node(of.items);
  const field = own(holder.fields as Json | undefined, name);
  if (typeof field === 'number') return node(field);
  return free && holder.entries !== undefined ? node(holder.entries) : undefined;
}

/** True where a value is of a node's kind: object for object, list for list, scalar for scalar. */
export function takes(of: FieldNode, value: Json): boolean {
  if (value === null || of.types === undefined) return true;
  const kind = Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : 'scalar';
  return of.types.some((type) => (type === 'array' || type === 'object' ? type : 'scalar') === kind);
}

const BY_NAME = new Map<FieldTree, ReadonlyMap<string, readonly FieldPlace[]>>();

/** Every place of a tree by the name of its field, in lower case. */
export function placesByName(tree: FieldTree): ReadonlyMap<string, readonly FieldPlace[]> {
  const known = BY_NAME.get(tree);
  if (known !== undefined) return known;
  const places = new Map<string, FieldPlace[]>();
  collect(node(tree), [], places);
  BY_NAME.set(tree, places);
  return places;
}

function collect(of: FieldNode, path: SchemaPath, places: Map<string, FieldPlace[]>): void {
  if (path.length >= MAX_DEPTH) return;
  for (const [name, index] of Object.entries(of.fields ?? {})) {
    const place = { path: [...path, name], node: node(index) };
    const list = places.get(name.toLowerCase());
    if (list === undefined) places.set(name.toLowerCase(), [place]);
    else list.push(place);
    collect(place.node, place.path, places);
  }
  if (of.items !== undefined) collect(node(of.items), [...path, ITEM], places);
  if (of.entries !== undefined) collect(node(of.entries), [...path, ENTRY], places);
}
