/**
 * Objects that are looked up by kind, key or index: a stored set, and a set that differs from another by one
 * change. The second copies nothing, so that a review of one object does not depend on the size of the
 * cluster.
 */
import type { Change, Kind, Resource } from './model.ts';

/**
 * A way to look objects up: the keys under which each object of one kind is found. Define each once, as a
 * constant.
 */
export interface ObjectIndex {
  readonly kind: Kind;
  keys(resource: Resource): Iterable<string>;
}

/** An immutable set of objects. */
export interface ObjectSet {
  /** Every object of a kind, in order of reading. */
  all(kind: Kind): readonly Resource[];
  count(kind: Kind): number;
  /** The object of a key, see {@link Resource.key}. An object without a name has none. */
  get(key: string): Resource | undefined;
  /** The objects that an index has under a key. */
  find(index: ObjectIndex, key: string): readonly Resource[];
}

/** Two objects of one key; only the first is in the set. */
export interface DuplicateObject {
  readonly first: Resource;
  readonly again: Resource;
}

/** One list for every kind without objects: what is derived from a list is kept by its identity. */
const NONE: readonly Resource[] = [];

/** Objects in memory. */
export class StoredObjects implements ObjectSet {
  readonly duplicates: readonly DuplicateObject[];

  readonly #byKey = new Map<string, Resource>();
  readonly #byKind = new Map<Kind, Resource[]>();
  readonly #indexes = new Map<ObjectIndex, ReadonlyMap<string, readonly Resource[]>>();

  constructor(resources: Iterable<Resource>) {
    const duplicates: DuplicateObject[] = [];
    for (const resource of resources) {
      const named = resource.ref.name !== '';
      const first = named ? this.#byKey.get(resource.key) : undefined;
      if (first !== undefined) {
        duplicates.push({ first, again: resource });
        continue;
      }
      if (named) this.#byKey.set(resource.key, resource);
      append(this.#byKind, resource.kind, resource);
    }
    this.duplicates = duplicates;
  }

  all(kind: Kind): readonly Resource[] {
    return this.#byKind.get(kind) ?? NONE;
  }

  count(kind: Kind): number {
    return this.all(kind).length;
  }

  get(key: string): Resource | undefined {
    return this.#byKey.get(key);
  }

  find(index: ObjectIndex, key: string): readonly Resource[] {
    let built = this.#indexes.get(index);
    if (built === undefined) {
      built = this.#build(index);
      this.#indexes.set(index, built);
    }
    return built.get(key) ?? [];
  }

  #build(index: ObjectIndex): ReadonlyMap<string, readonly Resource[]> {
    const built = new Map<string, Resource[]>();
    for (const resource of this.all(index.kind))
      for (const key of new Set(index.keys(resource))) append(built, key, resource);
    return built;
  }
}

/** Objects of which each kind is a set of its own: one that does not change keeps its indexes in the next world. */
export class ObjectsByKind implements ObjectSet {
  readonly #sets: ReadonlyMap<string, ObjectSet>;

  constructor(sets: ReadonlyMap<Kind, ObjectSet>) {
    this.#sets = sets;
  }

  all(kind: Kind): readonly Resource[] {
    return this.#sets.get(kind)?.all(kind) ?? NONE;
  }

  count(kind: Kind): number {
    return this.#sets.get(kind)?.count(kind) ?? 0;
  }

  get(key: string): Resource | undefined {
    return this.#sets.get(key.slice(0, key.indexOf('/')))?.get(key);
  }

  find(index: ObjectIndex, key: string): readonly Resource[] {
    return this.#sets.get(index.kind)?.find(index, key) ?? [];
  }
}

/** The objects of a base, with all objects of one kind from another set. */
export class ExtendedObjects implements ObjectSet {
  readonly #base: ObjectSet;
  readonly #kind: Kind;
  readonly #ofKind: ObjectSet;

  constructor(base: ObjectSet, kind: Kind, ofKind: ObjectSet) {
    this.#base = base;
    this.#kind = kind;
    this.#ofKind = ofKind;
  }

  all(kind: Kind): readonly Resource[] {
    return this.#setOf(kind).all(kind);
  }

  count(kind: Kind): number {
    return this.#setOf(kind).count(kind);
  }

  get(key: string): Resource | undefined {
    return this.#ofKind.get(key) ?? this.#base.get(key);
  }

  find(index: ObjectIndex, key: string): readonly Resource[] {
    return this.#setOf(index.kind).find(index, key);
  }

  #setOf(kind: Kind): ObjectSet {
    return kind === this.#kind ? this.#ofKind : this.#base;
  }
}

/**
 * The objects of a base after one change. The change's `before` must be the object of the base, if there is
 * one.
 */
export class ChangedObjects implements ObjectSet {
  readonly #base: ObjectSet;
  readonly #change: Change;
  readonly #changed: Resource | undefined;
  /** The objects of the changed kind. */
  #ofKind: readonly Resource[] | undefined;

  constructor(base: ObjectSet, change: Change) {
    this.#base = base;
    this.#change = change;
    this.#changed = change.before ?? change.after;
  }

  all(kind: Kind): readonly Resource[] {
    if (this.#changed?.kind !== kind) return this.#base.all(kind);
    this.#ofKind ??= this.#overlay(this.#base.all(kind), true);
    return this.#ofKind;
  }

  count(kind: Kind): number {
    const count = this.#base.count(kind);
    if (this.#changed?.kind !== kind) return count;
    const { key, ref } = this.#changed;
    const replaced = ref.name !== '' && this.#base.get(key) !== undefined;
    return count - Number(replaced) + Number(this.#change.after !== undefined);
  }

  get(key: string): Resource | undefined {
    const { before, after } = this.#change;
    if (after !== undefined && after.key === key && after.ref.name !== '') return after;
    return before?.key === key ? undefined : this.#base.get(key);
  }

  find(index: ObjectIndex, key: string): readonly Resource[] {
    const found = this.#base.find(index, key);
    if (this.#changed?.kind !== index.kind) return found;
    const { after } = this.#change;
    return this.#overlay(found, after !== undefined && [...index.keys(after)].includes(key));
  }

  /**
   * Objects of the base without the previous version of the changed one, and with its new version if it
   * belongs here.
   */
  #overlay(base: readonly Resource[], include: boolean): readonly Resource[] {
    const { after } = this.#change;
    const added = include ? after : undefined;
    const at = base.findIndex(({ key, ref }) => key === this.#changed?.key && ref.name !== '');
    if (at < 0) return added === undefined ? base : [...base, added];
    return [...base.slice(0, at), ...(added === undefined ? [] : [added]), ...base.slice(at + 1)];
  }
}

function append<K>(map: Map<K, Resource[]>, key: K, resource: Resource): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [resource]);
  else list.push(resource);
}
