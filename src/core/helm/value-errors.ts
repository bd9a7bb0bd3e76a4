import { atLeast, type IomeshVersion } from '../base/iomesh-version.ts';
import { at, isArray, isObject, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, isPrefix, type Path, parentPath } from '../base/path.ts';
import { trees } from '../schema/compiled.js';
import { type FieldNode, nodeAt, rootOf, stepInto, treeOf } from '../schema/field-tree.ts';
import { type IntendedField, findIntendedField } from '../schema/intended-field.ts';
import { type NullParent, nullParents } from '../schema/missing-field.ts';
import { CHART_SECTIONS, CHART_VALUES, isCopied, ROOT, type RenderedField, valuesPath } from './chart.ts';

export type { NullParent } from '../schema/missing-field.ts';

/** A key that the chart never reads. */
export interface IgnoredKey {
  readonly path: Path;
  /** The key that was meant. */
  readonly intended?: IntendedField | undefined;
  /** The field of an object that has the name of the key, but that no template sets from a value. */
  readonly field?: RenderedField | undefined;
  /** The first version of IOMesh whose chart reads the key. */
  readonly since?: IomeshVersion | undefined;
  /** The key may have a use that is not known. */
  readonly doubtful?: true | undefined;
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

/** Depth of an object's field in which values are searched: `persistence.spec.resources.requests.storage`. */
const MAX_DEPTH_OF_FIELD = 4;

/** Names with one meaning, wherever they are. */
const UNMISTAKABLE = new Set(
  [
    ...['meta', 'chunk', 'redirector', 'zookeeper', 'csi-driver', 'openebs-ndm', 'zookeeper-operator'],
    ...['dataCIDR', 'accessCIDR', 'deviceMap', 'devicemanager', 'blockDeviceNamespace', 'iscsiVirtualIP'],
    ...['diskDeploymentMode', 'edition', 'platform', 'replicaCount', 'podPolicy'],
    ...['affinity', 'nodeAffinity', 'podAntiAffinity', 'nodeSelector', 'tolerations'],
  ].map((name) => name.toLowerCase()),
);

/** True if a later file of the same release sets the value at a path again. */
export function isReplaced(helmValues: readonly Resource[], index: number, path: Path): boolean {
  return helmValues
    .slice(index + 1)
    .some(({ key, json }) => key === helmValues[index]?.key && at(json, path) !== undefined);
}

const CACHE = new WeakMap<Resource, Map<IomeshVersion, ValueErrors>>();

/**
 * The keys of one file of values that Helm silently ignores, and the null keys whose children are next to them.
 * Under `iomesh`, every key that the 1.0 chart does not read is one. Of the root and of later charts not every
 * key is known, so a key that resembles no other is not reported.
 */
export function valueErrors(values: Resource, version: IomeshVersion): ValueErrors {
  let known = CACHE.get(values);
  if (known === undefined) {
    known = new Map();
    CACHE.set(values, known);
  }
  let errors = known.get(version);
  if (errors === undefined) {
    errors = examine(values, version);
    known.set(version, errors);
  }
  return errors;
}

function examine(values: Resource, version: IomeshVersion): ValueErrors {
  const tree = trees.helmValues;
  const unknown: Path[] = [];
  collect(values.json, rootOf(tree), [], unknown, { left: MAX_VALUES });
  const parents = nullParents(values, tree, unknown);
  const explained = new Set(parents.flatMap(({ children }) => children.map(formatPath)));
  const ignored: IgnoredKey[] = laterKeys(values.json, version);
  for (const path of unknown.slice(0, MAX_UNKNOWN)) {
    if (ignored.length >= MAX_ERRORS) break;
    if (isCopied(path) || explained.has(formatPath(path)) || isRepeated(values.json, path)) continue;
    ignored.push(...ignoredKeys(values.json, path, version));
  }
  return { ignored: ignored.slice(0, MAX_ERRORS), nullParents: parents.slice(0, MAX_ERRORS) };
}

/** The keys that only the chart of a later version reads. */
function laterKeys(values: Json, version: IomeshVersion): IgnoredKey[] {
  return CHART_VALUES.flatMap(({ path, since }) => {
    if (since === undefined || atLeast(version, since) || COMBINED.has(path.join('.'))) return [];
    return isBlank(at(values, path)) ? [] : [{ path, since }];
  });
}

/** Values that every chart reads, and of which only a later one makes fields. */
const COMBINED = new Set([`${ROOT}.edition`, `${ROOT}.platform`]);

/** What is ignored of an unknown key: the key, or if it is a section of an object, parts of it. */
function ignoredKeys(values: Json, path: Path, version: IomeshVersion): readonly IgnoredKey[] {
  const tree = trees.helmValues;
  const value = at(values, path) ?? null;
  const field = fieldNamed(path, version);
  if (field !== undefined) {
    const moved = valuesOfField(field, path, value, MAX_DEPTH_OF_FIELD);
    if (moved.length > 0) return moved;
    return isBlank(value) ? [] : [{ path, field }];
  }
  const intended = findIntendedField(tree, parentPath(path), String(path.at(-1)), value);
  if (intended !== undefined && isSure(path, intended)) return [{ path, intended }];
  if (isBlank(value) || nodeAt(tree, parentPath(path))?.closed !== true) return [];
  // Of a podPolicy, the templates read three keys by name. Other sections are open in charts from 1.1 on.
  if (path.at(-2) === 'podPolicy') return [{ path }];
  return version === '1.0' ? [{ path, doubtful: true }] : [];
}

/** The field of an object whose path is written in the values. */
function fieldNamed(path: Path, version: IomeshVersion): RenderedField | undefined {
  const section = CHART_SECTIONS.findLast((each) => isPrefix(each.path, path));
  if (section === undefined) return undefined;
  const { kind, path: to } = section.to;
  const tree = treeOf(kind, version);
  const field = [...to, ...path.slice(section.path.length)];
  return tree === undefined || nodeAt(tree, field) === undefined ? undefined : { kind, path: field };
}

/** The values that set a field or, if none does, the fields in it. */
function valuesOfField(
  { kind, path: field }: RenderedField,
  path: Path,
  value: Json,
  depth: number,
): readonly IgnoredKey[] {
  const to = valuesPath(kind, field);
  if (formatPath(to) !== formatPath(path) && nodeAt(trees.helmValues, to) !== undefined) {
    const by = formatPath(parentPath(to)) === formatPath(parentPath(path)) ? 'name' : 'place';
    return [{ path, intended: { path: to, exact: true, name: String(to.at(-1)), by, others: [] } }];
  }
  if (!isObject(value) || depth === 0) return [];
  return Object.entries(value)
    .slice(0, MAX_ERRORS)
    .flatMap(([key, each]) =>
      valuesOfField({ kind, path: [...field, key] }, [...path, key], each, depth - 1),
    );
}

/** True for a value that sets nothing. */
function isBlank(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Collects the keys that the schema does not know, in order. */
function collect(value: Json, node: FieldNode, path: Path, unknown: Path[], budget: { left: number }): void {
  budget.left -= 1;
  if (budget.left < 0 || node['x-other-chart']) return;
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
