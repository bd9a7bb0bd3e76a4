import type { ObjectCache } from '../object-cache.ts';
import { versionNumber } from '../resource-version.ts';
import { kindOfKey } from './progress.ts';
import type { CacheGap, CacheNeeds } from './types.ts';

/**
 * Why the caches of the compared kinds lack something; undefined if they can be used. They need a list that began
 * after `since`, and every change that the ledger no longer has.
 */
export function cacheGap(
  caches: ReadonlyMap<string, ObjectCache>,
  { shown, listed }: CacheNeeds,
  since: number,
): CacheGap | undefined {
  for (const { provenSince } of caches.values())
    if (provenSince === undefined || provenSince < since) return 'unproven';
  for (const [kind, version] of Object.entries(listed))
    if (!((caches.get(kind)?.provenVersion ?? Number.NaN) >= versionNumber(version))) return 'unproven';
  for (const { key, resourceVersion, uid } of shown) {
    // The key of a cluster-scoped object is `Kind/name`, in a cache `/name`.
    const [, ...rest] = key.split('/');
    const cacheKey = rest.length === 1 ? `/${rest[0]}` : rest.join('/');
    if (caches.get(kindOfKey(key))?.hasReached(cacheKey, resourceVersion, uid) !== true) return 'behind';
  }
  return undefined;
}
