import { asString, at } from '../core/base/json.ts';
import { type CachedObject, hasSameContent } from './cached-object.ts';

/** More objects of a kind than are deleted in three minutes. */
const MAX_DELETED = 4096;

/** The objects of one kind in a {@link Reflector}. */
export class ObjectCache {
  #objects = new Map<string, CachedObject>();
  #revision = 0;
  #wholeCount = 0;
  /** The uids of deleted objects, the latest last. */
  readonly #deleted = new Set<string>();

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

  set(object: CachedObject): void {
    const key = cacheKey(object);
    const before = this.#objects.get(key);
    if (uidOf(before) !== uidOf(object)) this.#remember(before);
    if (!hasSameContent(before, object)) this.#revision += 1;
    this.#wholeCount += Number(object.whole) - Number(before?.whole ?? false);
    this.#objects.set(key, object);
  }

  delete(key: string): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    this.#objects.delete(key);
    this.#remember(before);
    this.#wholeCount -= Number(before.whole);
    this.#revision += 1;
  }

  /** Replaces all objects with those of a new list. */
  replace(objects: Map<string, CachedObject>): void {
    const before = this.#objects;
    const same =
      before.size === objects.size &&
      [...objects].every(([key, object]) => hasSameContent(before.get(key), object));
    if (!same) this.#revision += 1;
    for (const [key, object] of before) if (uidOf(objects.get(key)) !== uidOf(object)) this.#remember(object);
    this.#objects = objects;
    this.#wholeCount = 0;
    for (const { whole } of objects.values()) this.#wholeCount += Number(whole);
  }

  #remember(object: CachedObject | undefined): void {
    const uid = uidOf(object);
    if (uid === undefined) return;
    this.#deleted.add(uid);
    for (const oldest of this.#deleted) {
      if (this.#deleted.size <= MAX_DELETED) break;
      this.#deleted.delete(oldest);
    }
  }
}

function uidOf(object: CachedObject | undefined): string | undefined {
  return asString(at(object?.resource.json, ['metadata', 'uid']));
}

/** The key of an object in its {@link ObjectCache}. */
export function cacheKey({ resource: { ref } }: CachedObject): string {
  return `${ref.namespace ?? ''}/${ref.name}`;
}
