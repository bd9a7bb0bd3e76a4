/**
 * Says what stands in the apiserver now. A reflector always lags a little; what it knows is held
 * against a consistent list of names and versions, and what differs is fetched. Every write that was
 * acknowledged before the read began is seen, at the price of a list of metadata.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { at, asString, type JsonObject } from '../core/base/json.ts';
import { type Api, retryAfterOf, statusOf } from './api.ts';
import { ACCEPT, objectPath } from './kinds.ts';
import { listPages } from './pages.ts';
import type { Reflector } from './reflector.ts';
import { type Entry, type IsNamed, sameContent, toEntry } from './slim.ts';

/** What differs from a store; undefined for an object that is gone. */
export type Corrections = ReadonlyMap<string, Entry | undefined>;

/** The names and versions of all objects of a kind, as of one moment not before the call. */
export type Listed = ReadonlyMap<string, { readonly version: string; readonly item: JsonObject }>;

/** Where more differ than this, the list is read anew: fetching one by one would take longer. */
const MAX_FETCHED = 64;
const AT_ONCE = 16;
const RETRIES_MS = [50, 150, 400];
/** Metadata is small; one page holds what a cluster of usual size has. */
const PAGE = 2000;

/** Lists names and versions; undefined where the kind is not installed or may not be listed. */
export async function listVersions(
  api: Api,
  reflector: Reflector,
  signal: AbortSignal,
): Promise<Listed | undefined> {
  const { kind } = reflector;
  let listed = new Map<string, { version: string; item: JsonObject }>();
  try {
    await retried(signal, () =>
      listPages(
        api,
        kind,
        { accept: ACCEPT.metadataList, pageSize: PAGE, signal },
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
    return listed;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || (status === 403 && kind.optional)) return undefined;
    throw error;
  }
}

/**
 * What a reflector's store lacks of what was listed. The store may be ahead of the list as well as
 * behind it; each object that differs is fetched as it stands, so the answer is right either way.
 */
export async function correct(
  api: Api,
  reflector: Reflector,
  listed: Listed | undefined,
  isNamed: IsNamed,
  signal: AbortSignal,
  mayRelist = true,
): Promise<Corrections> {
  const { kind, store } = reflector;
  const corrections = new Map<string, Entry | undefined>();
  const wanted: string[] = [];
  for (const [key, { version, item }] of listed ?? []) {
    const known = store.entries.get(key);
    if (known?.version === version && (known.whole || !isNamed(key))) continue;
    if (!kind.metadataOnly) {
      wanted.push(key);
      continue;
    }
    const entry = toEntry(kind, item, isNamed);
    if (!sameContent(known, entry)) corrections.set(key, entry);
  }
  for (const key of store.entries.keys()) {
    if (listed?.has(key) === true) continue;
    if (listed === undefined || kind.metadataOnly) corrections.set(key, undefined);
    else wanted.push(key);
  }
  const appeared = listed !== undefined && reflector.state !== 'listed';
  if (mayRelist && (wanted.length > MAX_FETCHED || appeared)) {
    await reflector.relist(signal);
    const again = await listVersions(api, reflector, signal);
    return await correct(api, reflector, again, isNamed, signal, false);
  }
  await fetchAll(api, reflector, wanted, isNamed, corrections, signal);
  return corrections;
}

async function fetchAll(
  api: Api,
  { kind, store }: Reflector,
  keys: readonly string[],
  isNamed: IsNamed,
  corrections: Map<string, Entry | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const queue = [...keys];
  const fetchSome = async () => {
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      const entry = await fetchOne(key);
      const known = store.entries.get(key);
      // The same version with more of it: a ConfigMap that has just been named by a class.
      if (entry !== undefined && known?.version === entry.version) store.set(entry);
      else if (!sameContent(known, entry)) corrections.set(key, entry);
    }
  };
  const fetchOne = async (key: string): Promise<Entry | undefined> => {
    const slash = key.indexOf('/');
    const namespace = slash === 0 ? undefined : key.slice(0, slash);
    const path = objectPath(kind, namespace, key.slice(slash + 1));
    const accept = kind.metadataOnly ? ACCEPT.metadata : ACCEPT.whole;
    try {
      const object = await retried(signal, () => api.request('GET', path, { accept, signal }));
      return toEntry(kind, object, isNamed);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, keys.length) }, fetchSome));
}

/** Reads again after what passes: a broken connection, a server that is busy or not ready. */
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

/** The entries of a store as corrected. */
export function* corrected(entries: ReadonlyMap<string, Entry>, corrections: Corrections): Generator<Entry> {
  for (const [key, entry] of entries) if (!corrections.has(key)) yield entry;
  for (const entry of corrections.values()) if (entry !== undefined) yield entry;
}
