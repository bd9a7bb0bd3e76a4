import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Kind } from '../core/base/model.ts';
import type { WatchEnd } from './watch-session.ts';

/** What `/metrics` shows of the live cluster. */
export class ClusterMetrics {
  readonly #connected: Gauge<'kind'>;
  readonly #objects: Gauge<'kind'>;
  readonly #interruptions: Counter<'kind' | 'reason'>;
  readonly #lists: Counter<'kind' | 'result'>;
  readonly #reads: Counter<'result'>;
  readonly #duration: Histogram;
  readonly #lastSign = new Map<Kind, number>();
  readonly #clock: () => number;

  /** `clock` gives milliseconds since 1970. */
  constructor(registry: Registry, clock: () => number = Date.now) {
    this.#clock = clock;
    const registers = [registry];
    this.#connected = new Gauge({
      name: 'iomesh_guard_watch_connected',
      help: '1 while a watch on the kind is open.',
      labelNames: ['kind'],
      registers,
    });
    this.#objects = new Gauge({
      name: 'iomesh_guard_watch_objects',
      help: 'Objects of the kind that are kept.',
      labelNames: ['kind'],
      registers,
    });
    this.#interruptions = new Counter({
      name: 'iomesh_guard_watch_interruptions_total',
      help: 'Watches that ended, by reason (closed by the server in its own time, expired, silence, broken, refused).',
      labelNames: ['kind', 'reason'],
      registers,
    });
    this.#lists = new Counter({
      name: 'iomesh_guard_watch_lists_total',
      help: 'Attempts to list all objects of the kind, by result (done, failed).',
      labelNames: ['kind', 'result'],
      registers,
    });
    this.#reads = new Counter({
      name: 'iomesh_guard_consistent_reads_total',
      help: 'Consistent reads of the cluster on behalf of admissions, by result (done, failed).',
      labelNames: ['result'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'iomesh_guard_consistent_read_duration_seconds',
      help: 'Time of a consistent read.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    const ages = () => [...this.#lastSign.keys()].map((kind) => ({ kind, age: this.age(kind) }));
    new Gauge({
      name: 'iomesh_guard_watch_age_seconds',
      help: 'Seconds since the apiserver was last heard of the kind: a list, an event or a bookmark, of which there is one a minute.',
      labelNames: ['kind'],
      registers,
      collect() {
        for (const { kind, age } of ages()) this.set({ kind }, age);
      },
    });
  }

  connected(kind: Kind, yes: boolean): void {
    this.#connected.set({ kind }, yes ? 1 : 0);
  }

  /** The server was heard of just now. */
  alive(kind: Kind): void {
    this.#lastSign.set(kind, this.#clock());
  }

  objects(kind: Kind, number: number): void {
    this.#objects.set({ kind }, number);
  }

  interrupted(kind: Kind, reason: WatchEnd['reason']): void {
    this.#interruptions.inc({ kind, reason });
  }

  listed(kind: Kind, result: 'done' | 'failed'): void {
    this.#lists.inc({ kind, result });
  }

  read(result: 'done' | 'failed', seconds: number): void {
    this.#reads.inc({ result });
    this.#duration.observe(seconds);
  }

  /** Seconds since the last sign of life of a kind; NaN before the first. */
  age(kind: Kind): number {
    const last = this.#lastSign.get(kind);
    return last === undefined ? Number.NaN : (this.#clock() - last) / 1000;
  }

  /** The age of the kind that was heard of longest ago. */
  oldest(): number {
    return this.#lastSign.size === 0
      ? Number.NaN
      : Math.max(...[...this.#lastSign.keys()].map((kind) => this.age(kind)));
  }
}
