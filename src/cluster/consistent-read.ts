/**
 * Consistent reads of the apiserver. The cache of a reflector lags behind. So it is compared with a
 * consistent list of names and versions, and objects that differ are fetched. The result has every write
 * that was acknowledged before the read began, for the price of a list of metadata.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { at, asString, type JsonObject } from '../core/base/json.ts';
import type { Resource } from '../core/base/model.ts';
import { type Api, isMissingObject, retryAfterOf, statusOf } from './api.ts';
import { ACCEPT, type LiveKind, objectPath, readTypes, VOLUMES } from './kinds.ts';
import { listResources } from './list-resources.ts';
import { type ListedName, nameOf, namePages } from './listed-names.ts';
import { listPages, objectPages } from './pages.ts';
import type { ListedVersion, ListedVersions } from './object-cache.ts';
import { isInScope, isListedWhole, namesOutside, type ReadScope } from './read-scope.ts';
import type { Reflector } from './reflector.ts';
import { versionNumber } from './resource-version.ts';
import { findServedKind, noLongerServed } from './served-version.ts';
import { type CachedObject, type IsNamed, hasSameContent, toCachedObject } from './cached-object.ts';

/** The differences to a cache by key; undefined for a deleted object. */
export type Corrections = ReadonlyMap<string, CachedObject | undefined>;

/** With more differences the reflector lists again, which is faster than fetching each object. */
const MAX_FETCHED = 64;
const CONCURRENCY = 16;
const RETRIES_MS = [50, 150, 400];
/** One page is enough for most clusters, but the managed fields of an object can have many kilobytes. */
const FIRST_PAGE = 500;
const PAGE = 2000;

/**
 * Lists names and versions, of a scope if there is one; undefined if the kind is not installed or may not be listed.
 * Rejects if it is not served any more, but objects are cached.
 */
export async function listVersions(
  api: Api,
  reflector: Reflector,
  scope: ReadScope | undefined,
  signal: AbortSignal,
  mayRelist = true,
): Promise<ListedVersions | undefined> {
  const { kind, cache } = reflector;
  try {
    return scope === undefined || isListedWhole(scope, cache.objects.size)
      ? await listNamespace(api, kind, undefined, signal)
      : await listScope(api, kind, scope, signal);
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 && kind.optional) return undefined;
    if (status !== 404) throw error;
    const known = cache.objects.size;
    const served = await findServedKind(api, kind, signal);
    if (served === undefined) {
      if (known > 0) throw noLongerServed(kind, known);
      return undefined;
    }
    if (!mayRelist) throw error;
    // It is served in another version, or again: the reflector lists that one.
    await reflector.relist(signal);
    return await listVersions(api, reflector, scope, signal, false);
  }
}

/** Lists names and versions in one namespace, or in all of them. Of an item only what is needed stays in memory. */
async function listNamespace(
  api: Api,
  kind: LiveKind,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<ListedVersions> {
  const objects = new Map<string, ListedVersion>();
  const pages = kind.metadataOnly
    ? objectPages(api, kind, (item) => addListed(objects, nameOf(item), item))
    : namePages(api, (listed) => addListed(objects, listed));
  const version = await retried(signal, () =>
    listPages(pages, kind, { namespace, pageSize: PAGE, firstPage: FIRST_PAGE, signal }, () =>
      objects.clear(),
    ),
  );
  return { version, objects };
}

/** `item`: its metadata, if that is all that the rules read of the kind. */
function addListed(
  objects: Map<string, ListedVersion>,
  listed: ListedName | undefined,
  item?: JsonObject,
): void {
  if (listed === undefined) return;
  const { name, namespace, uid, version } = listed;
  objects.set(`${namespace}/${name}`, { version, uid, ...(item === undefined ? {} : { item }) });
}

/** A list for each namespace, and a read of each name outside of them. Each begins after the call. */
async function listScope(
  api: Api,
  kind: LiveKind,
  scope: ReadScope,
  signal: AbortSignal,
): Promise<ListedVersions> {
  const objects = new Map<string, ListedVersion>();
  const versions: string[] = [];
  await severalAtOnce([...scope.namespaces], async (namespace) => {
    const listed = await listNamespace(api, kind, namespace, signal);
    versions.push(listed.version);
    for (const [key, each] of listed.objects) objects.set(key, each);
  });
  await severalAtOnce(namesOutside(scope), async (key) => {
    const item = await readObject(api, kind, key, ACCEPT.metadata, 0, signal);
    if (item !== undefined) addListed(objects, nameOf(item), kind.metadataOnly ? item : undefined);
  });
  versions.sort((a, b) => versionNumber(a) - versionNumber(b));
  // One that cannot be compared makes the whole incomparable.
  const version = versions.find((each) => Number.isNaN(versionNumber(each))) ?? versions[0] ?? '';
  return { version, objects, covers: (key) => isInScope(scope, key) };
}

/** Two lists of different scopes as one. */
export function joinVersions(a: ListedVersions, b: ListedVersions | undefined): ListedVersions {
  if (b === undefined) return a;
  return {
    version: a.version,
    objects: new Map([...a.objects, ...b.objects]),
    covers: (key) => a.covers?.(key) !== false || b.covers?.(key) !== false,
  };
}

/** All PersistentVolumes at one moment after the call, page by page, with the fields that rules read. */
export async function listVolumes(api: Api, signal: AbortSignal): Promise<readonly Resource[]> {
  return await retried(signal, () => listResources(api, VOLUMES, { signal }));
}

/**
 * The differences of a reflector's cache to a list. The cache can be behind the list or ahead of it; each
 * object that differs is fetched in its current state, so the result is correct in both cases.
 */
export async function findCorrections(
  api: Api,
  reflector: Reflector,
  listed: ListedVersions | undefined,
  scope: ReadScope | undefined,
  isNamed: IsNamed,
  signal: AbortSignal,
  mayRelist = true,
): Promise<Corrections> {
  const { kind, cache } = reflector;
  const covers = listed?.covers;
  const corrections = new Map<string, CachedObject | undefined>();
  const wanted: string[] = [];
  for (const [key, { version, item }] of listed?.objects ?? []) {
    const known = cache.objects.get(key);
    if (known?.version === version && (known.whole || !isNamed(key))) continue;
    if (item === undefined) {
      wanted.push(key);
      continue;
    }
    const object = toCachedObject(kind, item, isNamed);
    if (!hasSameContent(known, object)) corrections.set(key, object);
  }
  for (const key of cache.objects.keys()) {
    if (listed?.objects.has(key) === true || covers?.(key) === false) continue;
    if (listed === undefined || kind.metadataOnly) corrections.set(key, undefined);
    else wanted.push(key);
  }
  const appeared = listed !== undefined && reflector.state !== 'listed';
  if (mayRelist && (wanted.length > MAX_FETCHED || appeared)) {
    await reflector.relist(signal);
    const again = await listVersions(api, reflector, scope, signal);
    return await findCorrections(api, reflector, again, scope, isNamed, signal, false);
  }
  await fetchAll(api, reflector, wanted, isNamed, corrections, signal);
  return corrections;
}

async function fetchAll(
  api: Api,
  { kind, cache }: Reflector,
  keys: readonly string[],
  isNamed: IsNamed,
  corrections: Map<string, CachedObject | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const accept = readTypes(kind).object;
  await severalAtOnce(keys, async (key) => {
    const json = await readObject(api, kind, key, accept, cache.objects.size, signal);
    const object = json && toCachedObject(kind, json, isNamed);
    const known = cache.objects.get(key);
    // The same version with its content: a class has just begun to refer to this ConfigMap.
    if (object !== undefined && known?.version === object.version) cache.set(object);
    else if (!hasSameContent(known, object)) corrections.set(key, object);
  });
}

async function severalAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const some = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, some));
}

/** An object as etcd has it, by the key of its cache; undefined if it does not exist. `known`: how many of the kind are. */
async function readObject(
  api: Api,
  kind: LiveKind,
  key: string,
  accept: string,
  known: number,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const slash = key.indexOf('/');
  const path = objectPath(kind, slash === 0 ? undefined : key.slice(0, slash), key.slice(slash + 1));
  try {
    return await retried(signal, () => api.request('GET', path, { accept, signal }));
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    // The path itself: the definition was removed after the list. Its objects are not known to be deleted.
    if (statusOf(error) === 404) throw noLongerServed(kind, Math.max(1, known));
    throw error;
  }
}

/** The version of an object as etcd has it; undefined if it does not exist. `name`: namespace and name, or name. */
export async function readVersion(
  api: Api,
  kind: LiveKind,
  name: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = objectPath(kind, name.length === 1 ? undefined : name[0], name.at(-1) ?? '');
  try {
    const object = await api.request('GET', path, { accept: ACCEPT.metadata, signal });
    return asString(at(object, ['metadata', 'resourceVersion']));
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Retries after a temporary failure: a broken connection, or a server that is overloaded or not ready. */
async function retried<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  for (const wait of RETRIES_MS) {
    try {
      return await read();
    } catch (error) {
      const status = statusOf(error);
      if (signal.aborted || (status !== undefined && status !== 429 && status < 500)) throw error;
      await sleep(Math.max(wait, retryAfterOf(error) ?? 0), undefined, { signal });
    }
  }
  return await read();
}

/** The objects of a cache with the corrections applied. */
export function* applyCorrections(
  objects: ReadonlyMap<string, CachedObject>,
  corrections: Corrections,
): Generator<CachedObject> {
  for (const [key, object] of objects) if (!corrections.has(key)) yield object;
  for (const object of corrections.values()) if (object !== undefined) yield object;
}
