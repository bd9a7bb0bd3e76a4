/** What a deviceMap may hold. */
import { at, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';

export const DEVICE_MAP: Path = ['spec', 'chunk', 'deviceMap'];
export const DISK_MODE: Path = ['spec', 'diskDeploymentMode'];

/** Every mount type there is. */
export const MOUNT_TYPES = ['cacheWithJournal', 'dataStore', 'dataStoreWithJournal', 'rawCache'] as const;

interface ModeMounts {
  readonly needs: readonly string[];
  readonly rejects: readonly string[];
}

/** By disk deployment mode, the mount types it cannot do without and those it does not know what to do with. */
export const MODES: ReadonlyMap<string, ModeMounts> = new Map([
  ['hybridFlash', { needs: ['cacheWithJournal', 'dataStore'], rejects: ['dataStoreWithJournal'] }],
  ['allFlash', { needs: ['dataStoreWithJournal'], rejects: ['cacheWithJournal', 'rawCache'] }],
]);

/** The mode of a cluster that names none. */
export const DEFAULT_MODE = 'hybridFlash';

/** Of a deviceMap with absurdly many entries only these are looked at one by one. */
const MAX_ENTRIES = 40;

/** The entries of a deviceMap, mount type and value. */
export function entriesOf(map: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(map).slice(0, MAX_ENTRIES);
}

/** The deviceMap of an IOMeshCluster; undefined where it is absent, empty or no mapping. */
export function deviceMapOf(cluster: Resource): JsonObject | undefined {
  const map = at(cluster.json, DEVICE_MAP);
  return isObject(map) && Object.keys(map).length > 0 ? map : undefined;
}
