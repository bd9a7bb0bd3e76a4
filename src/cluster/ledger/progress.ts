/**
 * How far the changes have come that were removed from the ledger. A replica evaluates in the cache of its watches only
 * if the cache has all of them; docs/decisions/0003-ledger.md has the proof.
 */
import type { Change } from '../../core/base/model.ts';
import { asString, at } from '../../core/base/json.ts';
import type { World } from '../../core/world.ts';
import { versionNumber } from '../resource-version.ts';
import type { LedgerEntry } from './entry.ts';
import type { AppliedVersion, CacheNeeds, LedgerProgress, LedgerState } from './types.ts';

/** So many removed changes are kept with their names: about 10 KiB. */
const MAX_APPLIED = 128;

/**
 * The version at which a world shows that an entry is resolved. `reached`: for an object that is deleted. Without it
 * only the deletion of the uid shows that a cache has come as far.
 */
export function appliedVersionOf(
  { key, uid }: LedgerEntry,
  world: World,
  reached: Readonly<Record<string, string>> | undefined,
): AppliedVersion {
  const stored = asString(at(world.getByKey(key)?.json, ['metadata', 'resourceVersion']));
  return { key, uid, resourceVersion: stored ?? reached?.[kindOfKey(key)] ?? '' };
}

/**
 * The progress after a round. `listed`: the versions of the lists in which the round evaluated, which have everything
 * that was removed before; undefined if it evaluated in the cache.
 */
export function advanceProgress(
  before: LedgerProgress | undefined,
  removed: readonly AppliedVersion[],
  listed: Readonly<Record<string, string>> | undefined,
  isOld: (applied: AppliedVersion) => boolean,
): LedgerProgress | undefined {
  if (before === undefined)
    // The last writer did not record what it removed. The lists have that too.
    return listed && { applied: [...removed], forgotten: { ...listed } };
  const isKnown = ({ key, uid }: AppliedVersion) =>
    removed.some((each) => each.key === key && each.uid === uid);
  const applied = [...before.applied.filter((each) => !isKnown(each)), ...removed];
  const forgotten: Record<string, string> = { ...before.forgotten };
  while (applied.length > MAX_APPLIED || (applied[0] !== undefined && isOld(applied[0]))) {
    const { key, resourceVersion } = applied.shift()!;
    forgotten[kindOfKey(key)] = later(forgotten[kindOfKey(key)], resourceVersion);
  }
  if (listed === undefined) return { applied, forgotten };
  // No version exceeds that of a list, unless etcd was restored meanwhile.
  const isPossible = (kind: string, version: string) => versionNumber(version) <= versionNumber(listed[kind]);
  for (const [kind, version] of Object.entries(forgotten)) {
    const limit = listed[kind];
    if (limit === undefined) delete forgotten[kind];
    else if (!isPossible(kind, version)) forgotten[kind] = limit;
  }
  return {
    applied: applied.filter(
      (each) => removed.includes(each) || isPossible(kindOfKey(each.key), each.resourceVersion),
    ),
    forgotten,
  };
}

/** What the cache must have so that these changes can be evaluated in it; undefined if the ledger does not say. */
export function cacheNeeds(
  { progress, entries }: LedgerState,
  changes: readonly Change[],
): CacheNeeds | undefined {
  if (progress === undefined || entries === undefined) return undefined;
  const replaced = changes.flatMap(({ before }): AppliedVersion[] => {
    if (before === undefined) return [];
    const [uid, resourceVersion] = ['uid', 'resourceVersion'].map((name) =>
      asString(at(before.json, ['metadata', name])),
    );
    return [{ key: before.key, uid, resourceVersion: resourceVersion ?? '' }];
  });
  // Another version than that of the entry shows that it is resolved, unless it is an older one.
  const pending = entries.flatMap(({ key, uid, resourceVersion }): AppliedVersion[] =>
    resourceVersion === undefined ? [] : [{ key, uid, resourceVersion }],
  );
  return { shown: [...progress.applied, ...replaced, ...pending], listed: progress.forgotten };
}

/** The kind in a {@link Resource.key}. */
export function kindOfKey(key: string): string {
  return key.split('/', 1)[0] ?? '';
}

/** The later version; one that cannot be compared remains. */
function later(version: string | undefined, other: string): string {
  if (version === undefined) return other;
  return versionNumber(version) >= versionNumber(other) || Number.isNaN(versionNumber(version))
    ? version
    : other;
}
