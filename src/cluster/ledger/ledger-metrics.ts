import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { WorldOrigin } from './round.ts';
import type { LedgerEvent, LedgerOutcome } from './ledger.ts';

type RoundEvent = Exclude<LedgerEvent['kind'], 'decided' | 'world'>;

const SOURCES = [
  'watch',
  'unproven',
  'behind',
  'confirm',
  'unrecorded',
] as const satisfies readonly WorldOrigin[];

const OUTCOMES = ['allowed', 'denied', 'unverified', 'failed'] as const satisfies readonly LedgerOutcome[];
const ROUNDS = [
  'committed',
  'read',
  'conflict',
  'yielded',
  'failed',
] as const satisfies readonly RoundEvent[];

/** The metrics of the ledger in one replica. */
export class LedgerMetrics {
  readonly #decisions: Counter<'outcome'>;
  readonly #duration: Histogram;
  readonly #rounds: Counter<'result'>;
  readonly #worlds: Counter<'source'>;
  readonly #entries: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#decisions = new Counter({
      name: 'iomesh_guard_ledger_decisions_total',
      help: 'Decisions with the ledger by outcome (allowed, denied, unverified, failed).',
      labelNames: ['outcome'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'iomesh_guard_ledger_decision_duration_seconds',
      help: 'Time from the request to its decision, including the wait for other changes and replicas.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.#rounds = new Counter({
      name: 'iomesh_guard_ledger_rounds_total',
      help: 'Rounds of the ledger by result (committed: entries written; read: nothing to write; conflict: another replica wrote first; yielded: another replica locked the ledger; failed).',
      labelNames: ['result'],
      registers,
    });
    this.#worlds = new Counter({
      name: 'iomesh_guard_ledger_worlds_total',
      help: 'Worlds that changes were evaluated in by source (watch: the cache of the watches; otherwise a list, because unproven: no list has lately shown that the watches lack nothing; behind: they lack a change that was stored; confirm: the result in the cache was a denial that names no other object, or depended on a pending change; unrecorded: the ledger was written by an older release).',
      labelNames: ['source'],
      registers,
    });
    this.#entries = new Gauge({
      name: 'iomesh_guard_ledger_entries',
      help: 'Pending changes in the ledger after the last round of this replica.',
      registers,
    });
    // Starting at 0 makes the first increase visible to rate().
    for (const outcome of OUTCOMES) this.#decisions.inc({ outcome }, 0);
    for (const source of SOURCES) this.#worlds.inc({ source }, 0);
    for (const result of ROUNDS) this.#rounds.inc({ result }, 0);
  }

  observe(event: LedgerEvent): void {
    if (event.kind === 'world') return this.#worlds.inc({ source: event.source });
    if (event.kind === 'decided') {
      this.#decisions.inc({ outcome: event.outcome });
      this.#duration.observe(event.seconds);
      return;
    }
    this.#rounds.inc({ result: event.kind });
    if ('entries' in event) this.#entries.set(event.entries);
  }
}
