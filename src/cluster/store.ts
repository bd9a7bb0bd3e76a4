import { type Entry, sameContent } from './slim.ts';

/** The objects of one kind, as a reflector knows them. */
export class Store {
  #entries = new Map<string, Entry>();
  #revision = 0;
  #kept = 0;

  /** Grows whenever something changes that a rule could see. */
  get revision(): number {
    return this.#revision;
  }

  /** By `namespace/name`; `/name` where cluster-scoped. */
  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** How many are kept whole. */
  get kept(): number {
    return this.#kept;
  }

  set(entry: Entry): void {
    const key = entryKey(entry);
    const before = this.#entries.get(key);
    if (!sameContent(before, entry)) this.#revision += 1;
    this.#kept += Number(entry.whole) - Number(before?.whole ?? false);
    this.#entries.set(key, entry);
  }

  delete(key: string): void {
    const before = this.#entries.get(key);
    if (before === undefined) return;
    this.#entries.delete(key);
    this.#kept -= Number(before.whole);
    this.#revision += 1;
  }

  /** All of a fresh list at once. */
  replace(entries: Map<string, Entry>): void {
    const before = this.#entries;
    const same =
      before.size === entries.size &&
      [...entries].every(([key, entry]) => sameContent(before.get(key), entry));
    if (!same) this.#revision += 1;
    this.#entries = entries;
    this.#kept = 0;
    for (const { whole } of entries.values()) this.#kept += Number(whole);
  }
}

/** The key of an entry in its {@link Store}. */
export function entryKey({ resource: { ref } }: Entry): string {
  return `${ref.namespace ?? ''}/${ref.name}`;
}
