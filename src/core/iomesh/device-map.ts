/** The content of a deviceMap. */
import { at, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';

export const DEVICE_MAP: Path = ['spec', 'chunk', 'deviceMap'];
export const DISK_MODE: Path = ['spec', 'diskDeploymentMode'];

/** Every mount type. */
export const MOUNT_TYPES = ['cacheWithJournal', 'dataStore', 'dataStoreWithJournal', 'rawCache'] as const;

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
