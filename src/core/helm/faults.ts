import { at, isArray, isObject, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, type Path, parentPath } from '../base/path.ts';
import { trees } from '../schema/compiled.js';
import { type FieldNode, rootOf, stepInto } from '../schema/field-tree.ts';
import { type Meant, meantBy } from '../schema/intended-field.ts';
import { type NullParent, nullParents } from '../schema/missing-field.ts';
import { isTakenOver, ROOT } from './chart.ts';

export type { NullParent } from '../schema/missing-field.ts';

/** A key that the chart never reads, and the one it does read. */
export interface IgnoredKey {
  readonly path: Path;
  readonly meant: Meant;
}

/** What is wrong with values before they become anything. */
export interface ValuesFaults {
  readonly ignored: readonly IgnoredKey[];
  readonly nullParents: readonly NullParent[];
}

/** More values than any file of them holds; no more are looked at. */
const MAX_VALUES = 10_000;
/** For no more strange keys it is looked up what they mean. */
const MAX_STRAYS = 1000;
/** Of one file no more faults of a kind are told. */
const MAX_FAULTS = 40;
/** How deep a key of the root is looked for: not in the items of lists, nor in the depth of a selector. */
const MAX_DEPTH_FROM_ROOT = 5;

/** Names that mean the same wherever they stand. */
const UNMISTAKABLE = new Set(
  [
    ...['meta', 'chunk', 'redirector', 'zookeeper', 'csi-driver', 'openebs-ndm', 'zookeeper-operator'],
    ...['dataCIDR', 'accessCIDR', 'deviceMap', 'devicemanager', 'blockDeviceNamespace', 'iscsiVirtualIP'],
    ...['diskDeploymentMode', 'edition', 'platform', 'replicaCount', 'podPolicy'],
    ...['affinity', 'nodeAffinity', 'podAntiAffinity', 'nodeSelector', 'tolerations'],
  ].map((name) => name.toLowerCase()),
);

const CACHE = new WeakMap<Resource, ValuesFaults>();

/**
 * The keys of one file of values that Helm passes over without a word, as far as it can be told what was
 * meant by them, and the null keys whose children stand beside them. A key that nothing resembles may
 * belong to a chart we do not know: it is left alone.
 */
export function valuesFaults(values: Resource): ValuesFaults {
  let faults = CACHE.get(values);
  if (faults === undefined) {
    faults = examine(values);
    CACHE.set(values, faults);
  }
  return faults;
}

function examine(values: Resource): ValuesFaults {
  const tree = trees.helmValues;
  const strays: Path[] = [];
  collect(values.json, rootOf(tree), [], strays, { left: MAX_VALUES });
  const parents = nullParents(values, tree, strays);
  const explained = new Set(parents.flatMap(({ children }) => children.map(formatPath)));
  const ignored: IgnoredKey[] = [];
  for (const path of strays.slice(0, MAX_STRAYS)) {
    if (ignored.length >= MAX_FAULTS) break;
    if (isTakenOver(path) || explained.has(formatPath(path))) continue;
    const value = at(values.json, path) ?? null;
    const meant = meantBy(tree, parentPath(path), String(path.at(-1)), value);
    if (meant !== undefined && isSure(path, meant) && !isRepeated(values.json, path))
      ignored.push({ path, meant });
  }
  return { ignored, nullParents: parents.slice(0, MAX_FAULTS) };
}

/** Gathers the keys that the schema does not know, in order. */
function collect(value: Json, node: FieldNode, path: Path, strays: Path[], budget: { left: number }): void {
  budget.left -= 1;
  if (budget.left < 0) return;
  if (isArray(value)) {
    const item = stepInto(node, 0);
    if (item !== undefined)
      for (const [index, each] of value.entries()) collect(each, item, [...path, index], strays, budget);
    return;
  }
  if (!isObject(value) || (node.fields === undefined && node.entries === undefined)) return;
  for (const [key, each] of Object.entries(value)) {
    const child = stepInto(node, key);
    if (child !== undefined) collect(each, child, [...path, key], strays, budget);
    else if (strays.length < MAX_VALUES) strays.push([...path, key]);
    if (budget.left < 0) return;
  }
}

/**
 * We do not know every key of every release of the chart. Beside keys of its own kind a misspelling says what
 * it means; a place elsewhere is meant within one section, or by a name that means one thing only.
 */
function isSure(path: Path, { by, exact, name, path: to }: Meant): boolean {
  if (by !== 'place') return true;
  const same = name.toLowerCase() === String(path.at(-1)).split('.').at(-1)?.toLowerCase();
  if (path.length === 1) return same && exact && to.length <= MAX_DEPTH_FROM_ROOT;
  if (path.length > 2 && to[1] === path[1]) return true;
  return same && UNMISTAKABLE.has(name.toLowerCase());
}

/** True for a key of the root that is there to be repeated elsewhere, by an alias or a merge. */
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
