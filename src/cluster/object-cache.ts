import { type CachedObject, hasSameContent } from './cached-object.ts';

/** The objects of one kind in a {@link Reflector}. */
export class ObjectCache {
  #objects = new Map<string, CachedObject>();
  #revision = 0;
  #wholeCount = 0;

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

  set(object: CachedObject): void {
    const key = cacheKey(object);
    const before = this.#objects.get(key);
    if (!hasSameContent(before, object)) this.#revision += 1;
    this.#wholeCount += Number(object.whole) - Number(before?.whole ?? false);
    this.#objects.set(key, object);
  }

  delete(key: string): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    this.#objects.delete(key);
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
    this.#objects = objects;
    this.#wholeCount = 0;
    for (const { whole } of objects.values()) this.#wholeCount += Number(whole);
  }
}

/** The key of an object in its {@link ObjectCache}. */
export function cacheKey({ resource: { ref } }: CachedObject): string {
  return `${ref.namespace ?? ''}/${ref.name}`;
}
