/**
 * When this process first saw each entry. The request of an entry is older than that, so after `holdMs` no apiserver can
 * still store its change. No clocks of two processes are compared.
 */
export class FirstSeen<T extends { readonly id: string }> {
  readonly #times = new Map<string, number>();
  readonly #holdMs: (entry: T) => number;

  constructor(holdMs: (entry: T) => number) {
    this.#holdMs = holdMs;
  }

  /** Records new entries and forgets those that are no longer in the ledger. */
  record(entries: readonly T[], now: number): void {
    const ids = new Set(entries.map(({ id }) => id));
    for (const id of this.#times.keys()) if (!ids.has(id)) this.#times.delete(id);
    for (const id of ids) if (!this.#times.has(id)) this.#times.set(id, now);
  }

  /** How long an entry must still be kept, in milliseconds; 0 if it expired. */
  remainingMs(entry: T, now: number): number {
    const first = this.#times.get(entry.id) ?? now;
    return Math.max(0, first + this.#holdMs(entry) - now);
  }
}
