import { at, isArray, isObject, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, type Path, parentPath } from '../base/path.ts';
import { trees } from '../schema/compiled.js';
import { type FieldNode, rootOf, stepInto } from '../schema/field-tree.ts';
import { type IntendedField, findIntendedField } from '../schema/intended-field.ts';
import { type NullParent, nullParents } from '../schema/missing-field.ts';
import { isCopied, ROOT } from './chart.ts';

export type { NullParent } from '../schema/missing-field.ts';

/** A key that the chart never reads, and the key that was meant. */
export interface IgnoredKey {
  readonly path: Path;
  readonly intended: IntendedField;
}

/** Errors of Helm values that Helm does not report. */
export interface ValueErrors {
  readonly ignored: readonly IgnoredKey[];
  readonly nullParents: readonly NullParent[];
}

/** Values that are checked. No file has more. */
const MAX_VALUES = 10_000;
/** Unknown keys for which the intended key is searched. */
const MAX_UNKNOWN = 1000;
/** Errors of a kind in one file that are listed. */
const MAX_ERRORS = 40;
/** Depth to which a key of the root is searched: not in items of lists or deep in a selector. */
const MAX_DEPTH_FROM_ROOT = 5;

/** Names with one meaning, wherever they are. */
const UNMISTAKABLE = new Set(
  [
    ...['meta', 'chunk', 'redirector', 'zookeeper', 'csi-driver', 'openebs-ndm', 'zookeeper-operator'],
    ...['dataCIDR', 'accessCIDR', 'deviceMap', 'devicemanager', 'blockDeviceNamespace', 'iscsiVirtualIP'],
    ...['diskDeploymentMode', 'edition', 'platform', 'replicaCount', 'podPolicy'],
    ...['affinity', 'nodeAffinity', 'podAntiAffinity', 'nodeSelector', 'tolerations'],
  ].map((name) => name.toLowerCase()),
);

const CACHE = new WeakMap<Resource, ValueErrors>();

/**
 * The keys of one file of values that Helm silently ignores, if the intended key is known, and the null keys
 * whose children are next to them. A key without a similar one may belong to an unknown chart and is not
 * reported.
 */
export function valueErrors(values: Resource): ValueErrors {
  let errors = CACHE.get(values);
  if (errors === undefined) {
    errors = examine(values);
    CACHE.set(values, errors);
  }
  return errors;
}

function examine(values: Resource): ValueErrors {
  const tree = trees.helmValues;
  const unknown: Path[] = [];
  collect(values.json, rootOf(tree), [], unknown, { left: MAX_VALUES });
  const parents = nullParents(values, tree, unknown);
  const explained = new Set(parents.flatMap(({ children }) => children.map(formatPath)));
  const ignored: IgnoredKey[] = [];
  for (const path of unknown.slice(0, MAX_UNKNOWN)) {
    if (ignored.length >= MAX_ERRORS) break;
    if (isCopied(path) || explained.has(formatPath(path))) continue;
    const value = at(values.json, path) ?? null;
    const intended = findIntendedField(tree, parentPath(path), String(path.at(-1)), value);
    if (intended !== undefined && isSure(path, intended) && !isRepeated(values.json, path))
      ignored.push({ path, intended });
  }
  return { ignored, nullParents: parents.slice(0, MAX_ERRORS) };
}

/** Collects the keys that the schema does not know, in order. */
function collect(value: Json, node: FieldNode, path: Path, unknown: Path[], budget: { left: number }): void {
  budget.left -= 1;
  if (budget.left < 0) return;
  if (isArray(value)) {
    const item = stepInto(node, 0);
    if (item !== undefined)
      for (const [index, each] of value.entries()) collect(each, item, [...path, index], unknown, budget);
    return;
  }
  if (!isObject(value) || (node.fields === undefined && node.entries === undefined)) return;
  for (const [key, each] of Object.entries(value)) {
    const child = stepInto(node, key);
    if (child !== undefined) collect(each, child, [...path, key], unknown, budget);
    else if (unknown.length < MAX_VALUES) unknown.push([...path, key]);
    if (budget.left < 0) return;
  }
}

/**
 * True if the intended key is certain, as not every key of every release of the chart is known. A misspelled
 * key next to similar keys is certain. A key in another place is certain within one section, or if its name
 * has one meaning.
 */
function isSure(path: Path, { by, exact, name, path: to }: IntendedField): boolean {
  if (by !== 'place') return true;
  const same = name.toLowerCase() === String(path.at(-1)).split('.').at(-1)?.toLowerCase();
  if (path.length === 1) return same && exact && to.length <= MAX_DEPTH_FROM_ROOT;
  if (path.length > 2 && to[1] === path[1]) return true;
  return same && UNMISTAKABLE.has(name.toLowerCase());
}

/** True for a key of the root that other values repeat, by an alias or a merge. */
function isRepeated(values: Json, path: Path): boolean {
  const value = at(values, path);
  if (path.length > 1 || typeof value !== 'object' || value === null) return false;
  const parts = new Set<Json>(
    [value, ...Object.values(value)].filter((each) => typeof each === 'object' && each !== null),
  );
  const waiting: Json[] = [at(values, [ROOT]) ?? null];
  const seen = new Set<Json>();
  for (let each = waiting.pop(); each !== undefined && seen.size < MAX_VALUES; each = waiting.pop()) {
    if (typeof each !== 'object' || each === null || seen.has(each)) continue;
    if (parts.has(each)) return true;
    seen.add(each);
    for (const part of Object.values(each)) waiting.push(part);
  }
  return false;
}
