/** The content of a deviceMap. */
import { at, isArray, isObject, type Json, type JsonObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { without } from '../base/text.ts';
import { type Requirement, satisfiable } from '../node-selector/index.ts';

export const DEVICE_MAP: Path = ['spec', 'chunk', 'deviceMap'];
export const DISK_MODE: Path = ['spec', 'diskDeploymentMode'];

/** Every mount type. */
export const MOUNT_TYPES = ['cacheWithJournal', 'dataStore', 'dataStoreWithJournal', 'rawCache'] as const;

/** Each mount type with the paths of its fields. */
export const MOUNTS = MOUNT_TYPES.map((type) => ({
  type,
  include: [...DEVICE_MAP, type, 'include'] as Path,
  selector: [...DEVICE_MAP, type, 'selector'] as Path,
}));

interface ModeMounts {
  readonly needs: readonly string[];
  readonly rejects: readonly string[];
}

/** The mount types that each disk deployment mode requires, and those that it does not support. */
export const DISK_MODES: ReadonlyMap<string, ModeMounts> = new Map([
  ['hybridFlash', { needs: ['cacheWithJournal', 'dataStore'], rejects: ['dataStoreWithJournal'] }],
  ['allFlash', { needs: ['dataStoreWithJournal'], rejects: ['cacheWithJournal', 'rawCache'] }],
]);

/** The disk deployment mode of a cluster that sets none. */
export const DEFAULT_DISK_MODE = 'hybridFlash';

/**
 * The mode whose mount types a deviceMap has. Undefined if they are of no mode or of both; a mapping without any
 * of them is of the default mode.
 */
export function modeFor(map: JsonObject): string | undefined {
  const has = (type: string) => own(map, type) !== undefined;
  const accepted = [...DISK_MODES].filter(([, { rejects }]) => !rejects.some(has));
  const meant = accepted.filter(([, { needs }]) => needs.some(has));
  if (meant.length === 1) return meant[0]![0];
  return meant.length === 0 && accepted.length > 1 ? DEFAULT_DISK_MODE : undefined;
}

/** Entries of one deviceMap that are checked; a usable one has at most four. */
const MAX_ENTRIES = 40;

/** The entries of a deviceMap: mount type and value. */
export function deviceMapEntries(map: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(map).slice(0, MAX_ENTRIES);
}

/** The deviceMap of an IOMeshCluster; undefined if it is missing, empty or not a mapping. */
export function deviceMapOf(cluster: Resource): JsonObject | undefined {
  const map = at(cluster.json, DEVICE_MAP);
  return isObject(map) && Object.keys(map).length > 0 ? map : undefined;
}

/** The prefix of the labels that IOMesh sets on block devices. */
export const DEVICE_LABEL_PREFIX = 'iomesh.com/bd-';

/** Every label that IOMesh sets on block devices. Other labels are those that a person adds. */
export const DEVICE_LABELS = ['devicePath', 'deviceType', 'driverType', 'serial', 'vendor'].map(
  (name) => `${DEVICE_LABEL_PREFIX}${name}`,
);

/** Longer selectors are not compared. */
const MAX_REQUIREMENTS = 20;

/** The requirements of a label selector; undefined if it is empty, invalid or too long. */
export function deviceRequirements(selector: Json | undefined, path: Path): Requirement[] | undefined {
  const labels = own(selector, 'matchLabels') ?? {};
  const expressions = own(selector, 'matchExpressions') ?? [];
  if (!isObject(labels) || !isArray(expressions)) return undefined;
  const found: Requirement[] = [];
  for (const [key, value] of Object.entries(labels))
    if (typeof value === 'string') found.push(requirement(key, 'In', [value], path));
  for (const each of expressions) {
    const key = own(each, 'key');
    const operator = OPERATORS.find((known) => known === own(each, 'operator'));
    const values = own(each, 'values') ?? [];
    if (typeof key !== 'string' || operator === undefined || !isArray(values)) return undefined;
    found.push(requirement(key, operator, values.filter(isText), path));
  }
  return found.length === 0 || found.length > MAX_REQUIREMENTS ? undefined : found;
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

function requirement(
  key: string,
  operator: Requirement['operator'],
  values: readonly string[],
  path: Path,
): Requirement {
  return { kind: 'label', key, operator, values, path };
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}

/**
 * True if a disk can satisfy both selectors, and one of them looks at no label that the other does not look
 * at. Selectors by different labels can still select different disks.
 */
export function selectSameDisks(a: readonly Requirement[], b: readonly Requirement[]): boolean {
  const [left, right] = [a, b].map((each) => each.map(({ key }) => key)) as [string[], string[]];
  if (without(left, right).length > 0 && without(right, left).length > 0) return false;
  return satisfiable({ requirements: [...a, ...b], path: [] });
}
