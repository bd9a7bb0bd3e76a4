import type { FindingRecord } from './evaluate-pass.ts';

/** A finding, and when a pass found it first. */
export interface StandingFinding extends FindingRecord {
  readonly since: Date;
}

/** What one pass found, and how it differs from the pass before. */
export interface FindingChanges {
  readonly findings: readonly StandingFinding[];
  readonly appeared: readonly StandingFinding[];
  readonly resolved: readonly StandingFinding[];
}

/** Remembers the findings of the last pass, and since when each is found. */
export class FindingHistory {
  #known: ReadonlyMap<string, StandingFinding> = new Map();

  /** Compares the findings of a pass with those of the pass before, and remembers them. */
  update(records: readonly FindingRecord[], now: Date): FindingChanges {
    const known = this.#known;
    const next = new Map<string, StandingFinding>();
    for (const record of records)
      next.set(record.key, { ...record, since: known.get(record.key)?.since ?? now });
    this.#known = next;
    return {
      findings: [...next.values()],
      appeared: [...next.values()].filter(({ key }) => !known.has(key)),
      resolved: [...known.values()].filter(({ key }) => !next.has(key)),
    };
  }
}
