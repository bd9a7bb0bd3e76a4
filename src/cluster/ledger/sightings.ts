import type { Entry } from './entry.ts';

/**
 * When this process first saw each entry. An entry is older than that, so once it has been in sight for
 * long enough no apiserver can be waiting to store it: no clock is ever compared with another.
 */
export class Sightings {
  readonly #first = new Map<string, number>();
  readonly #holdMs: number;

  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  /** Takes note of the entries of a ledger, and forgets all others. */
  note(entries: readonly Entry[], now: number): void {
    const ids = new Set(entries.map(({ id }) => id));
    for (const id of this.#first.keys()) if (!ids.has(id)) this.#first.delete(id);
    for (const id of ids) if (!this.#first.has(id)) this.#first.set(id, now);
  }

  /** How long an entry must still be held, in milliseconds; 0 where its time is over. */
  remaining({ id }: Entry, now: number): number {
    const first = this.#first.get(id);
    return first === undefined ? this.#holdMs : Math.max(0, first + this.#holdMs - now);
  }
}
