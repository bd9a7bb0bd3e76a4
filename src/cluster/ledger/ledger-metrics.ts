import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { LedgerEvent, LedgerOutcome } from './ledger.ts';

type Round = Exclude<LedgerEvent['kind'], 'decided'>;

const OUTCOMES = ['allowed', 'denied', 'unverified', 'failed'] as const satisfies readonly LedgerOutcome[];
const ROUNDS = ['committed', 'read', 'conflict', 'turn', 'failed'] as const satisfies readonly Round[];

/** What `/metrics` shows of the ledger, as one replica sees it. */
export class LedgerMetrics {
  readonly #decisions: Counter<'outcome'>;
  readonly #duration: Histogram;
  readonly #rounds: Counter<'result'>;
  readonly #entries: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#decisions = new Counter({
      name: 'iomesh_guard_ledger_decisions_total',
      help: 'Changes decided on by way of the ledger, by outcome (allowed, denied, unverified, failed).',
      labelNames: ['outcome'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'iomesh_guard_ledger_decision_duration_seconds',
      help: 'Time from the question to its decision, waiting for other changes and replicas included.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.#rounds = new Counter({
      name: 'iomesh_guard_ledger_rounds_total',
      help: 'Visits to the ledger, by result (committed: written; read: nothing to write; conflict: another replica was quicker; turn: made way for another replica; failed).',
      labelNames: ['result'],
      registers,
    });
    this.#entries = new Gauge({
      name: 'iomesh_guard_ledger_entries',
      help: 'Changes under way in the ledger when this replica last visited it.',
      registers,
    });
    // A counter that begins at zero shows its first count as an increase.
    for (const outcome of OUTCOMES) this.#decisions.inc({ outcome }, 0);
    for (const result of ROUNDS) this.#rounds.inc({ result }, 0);
  }

  observe(event: LedgerEvent): void {
    if (event.kind === 'decided') {
      this.#decisions.inc({ outcome: event.outcome });
      this.#duration.observe(event.seconds);
      return;
    }
    this.#rounds.inc({ result: event.kind });
    if ('entries' in event) this.#entries.set(event.entries);
  }
}
