/**
 * Consistent reads of the apiserver. The cache of a reflector lags behind. So it is compared with a
 * consistent list of names and versions, and objects that differ are fetched. The result has every write
 * that was acknowledged before the read began, for the price of a list of metadata.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { at, asString, type JsonObject } from '../core/base/json.ts';
import type { Resource } from '../core/base/model.ts';
import { type Api, isMissingObject, retryAfterOf, statusOf } from './api.ts';
import { ACCEPT, type LiveKind, objectPath, VOLUMES } from './kinds.ts';
import { listPages } from './pages.ts';
import type { ListedVersions } from './object-cache.ts';
import type { Reflector } from './reflector.ts';
import { findServedKind, noLongerServed } from './served-version.ts';
import { type CachedObject, type IsNamedByClass, hasSameContent, toCachedObject } from './cached-object.ts';

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
 * Lists names and versions; undefined if the kind is not installed or may not be listed. Rejects if it is not served
 * any more, but objects are cached.
 */
export async function listVersions(
  api: Api,
  reflector: Reflector,
  signal: AbortSignal,
  mayRelist = true,
): Promise<ListedVersions | undefined> {
  const { kind } = reflector;
  let listed = new Map<string, { version: string; item: JsonObject }>();
  try {
    const version = await retried(signal, () =>
      listPages(
        api,
        kind,
        { accept: ACCEPT.metadataList, pageSize: PAGE, firstPage: FIRST_PAGE, signal },
        () => {
          listed = new Map();
        },
        (item) => {
          const name = asString(at(item, ['metadata', 'name']));
          const version = asString(at(item, ['metadata', 'resourceVersion']));
          const namespace = asString(at(item, ['metadata', 'namespace'])) ?? '';
          if (name !== undefined && version !== undefined)
            listed.set(`${namespace}/${name}`, { version, item });
        },
      ),
    );
    return { version, objects: listed };
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 && kind.optional) return undefined;
    if (status !== 404) throw error;
    const known = reflector.cache.objects.size;
    const served = await findServedKind(api, kind, signal);
    if (served === undefined) {
      if (known > 0) throw noLongerServed(kind, known);
      return undefined;
    }
    if (!mayRelist) throw error;
    // It is served in another version, or again: the reflector lists that one.
    await reflector.relist(signal);
    return await listVersions(api, reflector, signal, false);
  }
}

/** All PersistentVolumes at one moment after the call, page by page, with the fields that rules read. */
export async function listVolumes(api: Api, signal: AbortSignal): Promise<readonly Resource[]> {
  let volumes: Resource[] = [];
  const { pageSize } = VOLUMES;
  await retried(signal, () =>
    listPages(
      api,
      VOLUMES,
      { accept: ACCEPT.whole, pageSize, signal },
      () => {
        volumes = [];
      },
      (item) => {
        const object = toCachedObject(VOLUMES, item, () => false);
        if (object !== undefined) volumes.push(object.resource);
      },
    ),
  );
  return volumes;
}

/**
 * The differences of a reflector's cache to a list. The cache can be behind the list or ahead of it; each
 * object that differs is fetched in its current state, so the result is correct in both cases.
 */
export async function findCorrections(
  api: Api,
  reflector: Reflector,
  listed: ListedVersions | undefined,
  isNamed: IsNamedByClass,
  signal: AbortSignal,
  mayRelist = true,
): Promise<Corrections> {
  const { kind, cache } = reflector;
  const corrections = new Map<string, CachedObject | undefined>();
  const wanted: string[] = [];
  for (const [key, { version, item }] of listed?.objects ?? []) {
    const known = cache.objects.get(key);
    if (known?.version === version && (known.whole || !isNamed(key))) continue;
    if (!kind.metadataOnly) {
      wanted.push(key);
      continue;
    }
    const object = toCachedObject(kind, item, isNamed);
    if (!hasSameContent(known, object)) corrections.set(key, object);
  }
  for (const key of cache.objects.keys()) {
    if (listed?.objects.has(key) === true) continue;
    if (listed === undefined || kind.metadataOnly) corrections.set(key, undefined);
    else wanted.push(key);
  }
  const appeared = listed !== undefined && reflector.state !== 'listed';
  if (mayRelist && (wanted.length > MAX_FETCHED || appeared)) {
    await reflector.relist(signal);
    const again = await listVersions(api, reflector, signal);
    return await findCorrections(api, reflector, again, isNamed, signal, false);
  }
  await fetchAll(api, reflector, wanted, isNamed, corrections, signal);
  return corrections;
}

async function fetchAll(
  api: Api,
  { kind, cache }: Reflector,
  keys: readonly string[],
  isNamed: IsNamedByClass,
  corrections: Map<string, CachedObject | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const queue = [...keys];
  const fetchSome = async () => {
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      const object = await fetchOne(key);
      const known = cache.objects.get(key);
      // The same version with its content: a class has just begun to refer to this ConfigMap.
      if (object !== undefined && known?.version === object.version) cache.set(object);
      else if (!hasSameContent(known, object)) corrections.set(key, object);
    }
  };
  const fetchOne = async (key: string): Promise<CachedObject | undefined> => {
    const slash = key.indexOf('/');
    const namespace = slash === 0 ? undefined : key.slice(0, slash);
    const path = objectPath(kind, namespace, key.slice(slash + 1));
    const accept = kind.metadataOnly ? ACCEPT.metadata : ACCEPT.whole;
    try {
      const object = await retried(signal, () => api.request('GET', path, { accept, signal }));
      return toCachedObject(kind, object, isNamed);
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      // The path itself: the definition was removed after the list. Its objects are not known to be deleted.
      if (statusOf(error) === 404) throw noLongerServed(kind, Math.max(1, cache.objects.size));
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, keys.length) }, fetchSome));
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
