import { asString, at, type JsonObject } from '../core/base/json.ts';
import { type CachedObject, hasSameContent } from './cached-object.ts';
import { versionNumber } from './resource-version.ts';

/** More objects of a kind than are deleted in three minutes. */
const MAX_DELETED = 4096;

/** One object of a list. */
export interface ListedVersion {
  readonly version: string;
  readonly uid: string | undefined;
  /** Its metadata, if that is all that the rules read of the kind. */
  readonly item?: JsonObject | undefined;
}

/** The names and versions of all objects of a kind, at one moment after the call. */
export interface ListedVersions {
  /** The version of the list. */
  readonly version: string;
  readonly objects: ReadonlyMap<string, ListedVersion>;
  /** True for the keys that the list would have; undefined: all. */
  readonly covers?: ((key: string) => boolean) | undefined;
}

/** When a list began, and what the cache had shown then. */
export interface ListStart {
  readonly since: number;
  readonly position: number;
  /** Counts the calls of {@link ObjectCache.distrust}. */
  readonly doubts: number;
}

/**
 * The result of a comparison with a list. `behind`: the cache lacks a change that the list has. `went back`: the list
 * is older than what the watch has shown, as after a restore of etcd. `incomparable`: the versions are not integers.
 */
export type Comparison = 'in step' | 'behind' | 'went back' | 'incomparable';

/** The objects of one kind in a {@link Reflector}. */
export class ObjectCache {
  #objects = new Map<string, CachedObject>();
  #revision = 0;
  #wholeCount = 0;
  /** The uids of deleted objects with a version at which they were deleted, the latest last. */
  readonly #deleted = new Map<string, number>();
  /** The latest version that a list, an event or a bookmark has shown. */
  #position = 0;
  /** The last consistent list that had no change which the cache lacked, and when it began. */
  #proof:
    | { readonly version: number; readonly since: number; readonly covers: ListedVersions['covers'] }
    | undefined;
  #doubts = 0;

  /** Increases with every change that a rule can see. */
  get revision(): number {
    return this.#revision;
  }

  /** By `namespace/name`; `/name` if cluster-scoped. */
  get objects(): ReadonlyMap<string, CachedObject> {
    return this.#objects;
  }

  /** The number of objects that are kept completely. */
  get wholeCount(): number {
    return this.#wholeCount;
  }

  /** True if the object of this key and uid is or was in the cache. The oldest deleted objects are forgotten. */
  hasSeen(key: string, uid: string): boolean {
    return uidOf(this.#objects.get(key)) === uid || this.#deleted.has(uid);
  }

  get position(): number {
    return this.#position;
  }

  /** When the last consistent list began that the cache was in step with; undefined if there is none. */
  get provenSince(): number | undefined {
    return this.#proof?.since;
  }

  /** The version of that list; NaN if there is none. */
  get provenVersion(): number {
    return this.#proof?.version ?? Number.NaN;
  }

  /** True if the list of the proof would have an object of this key. */
  isProven(key: string): boolean {
    return this.#proof !== undefined && this.#proof.covers?.(key) !== false;
  }

  /** A list, an event or a bookmark has shown this version. */
  advance(version: string): void {
    const number = versionNumber(version);
    if (number > this.#position) this.#position = number;
  }

  /** A consistent list begins. */
  startList(since: number): ListStart {
    return { since, position: this.#position, doubts: this.#doubts };
  }

  /**
   * Compares the cache with a consistent list. The cache may be ahead of the list. The list is the proof that a hanging
   * watch, or one that skipped an event, has missed nothing that was stored before.
   */
  compare({ version, objects, covers }: ListedVersions, start: ListStart): Comparison {
    const listed = versionNumber(version);
    if (Number.isNaN(listed)) return 'incomparable';
    if (listed < start.position) return 'went back';
    this.advance(version);
    for (const [key, { version: each, uid = '' }] of objects) {
      const known = this.#objects.get(key)?.version;
      if (known === each) continue;
      const cached = known === undefined ? this.#deleted.get(uid) : versionNumber(known);
      // Ahead of the list, if that is of the same history.
      if (cached !== undefined && cached > listed) continue;
      return cached !== undefined && cached > versionNumber(each) ? 'went back' : 'behind';
    }
    for (const [key, known] of this.#objects)
      if (!objects.has(key) && !(versionNumber(known.version) > listed) && covers?.(key) !== false)
        return 'behind';
    this.prove(listed, start, covers);
    return 'in step';
  }

  /** The cache has all changes up to a version, as a consistent list has shown. */
  prove(version: number, { since, doubts }: ListStart, covers?: ListedVersions['covers']): void {
    if (Number.isNaN(version) || doubts !== this.#doubts) return;
    if (this.#proof === undefined || since > this.#proof.since) this.#proof = { version, since, covers };
  }

  /** A list that begins after this call must prove again that nothing is missing. */
  distrust(): void {
    this.#proof = undefined;
    this.#doubts += 1;
  }

  /** True if the cache has an object at this version or a later one, or has seen its deletion. */
  hasReached(key: string, version: string, uid: string | undefined): boolean {
    const wanted = versionNumber(version);
    return (
      (this.provenVersion >= wanted && this.isProven(key)) ||
      versionNumber(this.#objects.get(key)?.version) >= wanted ||
      (uid !== undefined && this.#deleted.has(uid))
    );
  }

  set(object: CachedObject): void {
    const key = cacheKey(object);
    const before = this.#objects.get(key);
    if (uidOf(before) !== uidOf(object)) this.#remember(before, object.version);
    const same = hasSameContent(before, object);
    if (isVisible(before, object)) this.#revision += 1;
    this.#wholeCount += Number(object.whole) - Number(before?.whole ?? false);
    // The status of Nodes changes all the time; the indexes of the same Nodes stay usable.
    const { resource } = same && object.partial === true ? before! : object;
    this.#objects.set(key, { ...object, resource });
  }

  /** `version`: that of the deletion. */
  delete(key: string, version: string): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    this.#objects.delete(key);
    this.#remember(before, version);
    this.#wholeCount -= Number(before.whole);
    if (before.whole) this.#revision += 1;
  }

  /** Replaces all objects with those of a new list of this version. */
  replace(objects: Map<string, CachedObject>, version: string): void {
    const listed = versionNumber(version);
    // After a restore of etcd, deletions that were seen may be undone.
    if (listed < this.#position) this.#deleted.clear();
    this.#position = Number.isNaN(listed) ? 0 : listed;
    const before = this.#objects;
    let changed = false;
    for (const [key, object] of objects) changed ||= isVisible(before.get(key), object);
    for (const [key, object] of before) changed ||= object.whole && !objects.has(key);
    if (changed) this.#revision += 1;
    for (const [key, object] of before)
      if (uidOf(objects.get(key)) !== uidOf(object)) this.#remember(object, version);
    this.#objects = objects;
    this.#wholeCount = 0;
    for (const { whole } of objects.values()) this.#wholeCount += Number(whole);
  }

  #remember(object: CachedObject | undefined, version: string): void {
    const uid = uidOf(object);
    if (uid === undefined) return;
    this.#deleted.set(uid, versionNumber(version));
    for (const oldest of this.#deleted.keys()) {
      if (this.#deleted.size <= MAX_DELETED) break;
      this.#deleted.delete(oldest);
    }
  }
}

/** True if a rule can see the difference between two states of an object. It never sees one of which only the name is kept. */
export function isVisible(before: CachedObject | undefined, after: CachedObject | undefined): boolean {
  return (before?.whole === true || after?.whole === true) && !hasSameContent(before, after);
}

function uidOf(object: CachedObject | undefined): string | undefined {
  return asString(at(object?.resource.json, ['metadata', 'uid']));
}

/** The key of an object in its {@link ObjectCache}. */
export function cacheKey({ resource: { ref } }: CachedObject): string {
  return `${ref.namespace ?? ''}/${ref.name}`;
}
