import type { IomeshVersion } from '../base/iomesh-version.ts';
import { isArray, isObject, type Json, own } from '../base/json.ts';
import type { Kind } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { type FieldNode, nodeOf, trees } from './compiled.js';

export type { FieldNode } from './compiled.js';

/** The fields that the schema of an object knows, as the index of the root. */
export type FieldTree = number;

/** A step into any item of a list, and into any entry of a free map. */
export const ITEM = '[]';
export const ENTRY = '*';

/** A field that the schema knows, and where: list items are `[]`, entries of free maps `*`. */
export interface KnownField {
  readonly path: readonly string[];
  readonly node: FieldNode;
}

const MAX_DEPTH = 16;

const IOMESH_CLUSTER: Readonly<Record<IomeshVersion, FieldTree>> = {
  '1.0': trees.iomeshCluster10,
  '1.1': trees.iomeshCluster11,
  '1.2': trees.iomeshCluster12,
};

const TREES: Partial<Record<Kind, FieldTree>> = {
  ZookeeperCluster: trees.zookeeperCluster,
  ConfigMap: trees.configMap,
  StorageClass: trees.storageClass,
  PersistentVolumeClaim: trees.persistentVolumeClaim,
  Namespace: trees.namespace,
};

/** The fields of a kind in an IOMesh version; undefined for kinds without a schema. */
export function treeOf(kind: Kind, version: IomeshVersion): FieldTree | undefined {
  if (kind === 'IOMeshCluster') return IOMESH_CLUSTER[version];
  return TREES[kind];
}

/** The node of the object itself. */
export function rootOf(tree: FieldTree): FieldNode {
  return nodeOf(tree);
}

/** The node one step below; undefined if the schema knows no such field. */
export function stepInto(of: FieldNode, key: string | number): FieldNode | undefined {
  const index = typeof key === 'number' ? of.items : (own(of.fields as Json | undefined, key) ?? of.entries);
  return typeof index === 'number' ? nodeOf(index) : undefined;
}

/** The node at a path of an object; undefined if the schema knows no such field. */
export function nodeAt(tree: FieldTree, path: Path): FieldNode | undefined {
  let node: FieldNode | undefined = rootOf(tree);
  for (const key of path) node = node === undefined ? undefined : stepInto(node, key);
  return node;
}

/** The field at a path from a node, and its path in the schema. */
export function knownFieldAt(from: FieldNode, path: Path): KnownField | undefined {
  let node = from;
  const names: string[] = [];
  for (const key of path) {
    const next = stepInto(node, key);
    if (next === undefined) return undefined;
    if (typeof key === 'number') names.push(ITEM);
    else names.push(own(node.fields as Json | undefined, key) === undefined ? ENTRY : key);
    node = next;
  }
  return { path: names, node };
}

/** The names of the fields a node knows. */
export function fieldNames(of: FieldNode): readonly string[] {
  return Object.keys(of.fields ?? {});
}

/**
 * The field of that name, in the node itself or in the items of a list. Entries of a free map count where
 * `free`.
 */
export function childOf(of: FieldNode, name: string, free: boolean): FieldNode | undefined {
  const holder = stepInto(of, 0) ?? of;
  const isField = own(holder.fields as Json | undefined, name) !== undefined;
  return isField || free ? stepInto(holder, name) : undefined;
}

/** True if a value is of a node's kind: an object, a list or a scalar. */
export function takes(of: FieldNode, value: Json): boolean {
  if (value === null || of.types === undefined) return true;
  const kind = isArray(value) ? 'array' : isObject(value) ? 'object' : 'scalar';
  return of.types.some((type) => (type === 'array' || type === 'object' ? type : 'scalar') === kind);
}

const BY_NAME = new Map<FieldTree, ReadonlyMap<string, readonly KnownField[]>>();

/** Every place of a tree by the name of its field, in lower case. */
export function placesByName(tree: FieldTree): ReadonlyMap<string, readonly KnownField[]> {
  const known = BY_NAME.get(tree);
  if (known !== undefined) return known;
  const places = new Map<string, KnownField[]>();
  collectPlaces({ path: [], node: rootOf(tree) }, places);
  BY_NAME.set(tree, places);
  return places;
}

function collectPlaces({ path, node }: KnownField, places: Map<string, KnownField[]>): void {
  if (path.length >= MAX_DEPTH || node['x-other-chart']) return;
  for (const name of fieldNames(node)) {
    const place = { path: [...path, name], node: stepInto(node, name)! };
    const list = places.get(name.toLowerCase());
    if (list === undefined) places.set(name.toLowerCase(), [place]);
    else list.push(place);
    collectPlaces(place, places);
  }
  const item = stepInto(node, 0);
  if (item !== undefined) collectPlaces({ path: [...path, ITEM], node: item }, places);
  if (node.entries !== undefined)
    collectPlaces({ path: [...path, ENTRY], node: nodeOf(node.entries) }, places);
}
