import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Kind } from '../core/base/model.ts';
import type { WatchEnd } from './watch-session.ts';

/** The metrics of the watches and consistent reads. */
export class ClusterMetrics {
  readonly #connected: Gauge<'kind'>;
  readonly #objects: Gauge<'kind'>;
  readonly #interruptions: Counter<'kind' | 'reason'>;
  readonly #lists: Counter<'kind' | 'result'>;
  readonly #reads: Counter<'result'>;
  readonly #duration: Histogram;
  readonly #lastSeen = new Map<Kind, number>();
  readonly #clock: () => number;

  /** `clock` gives milliseconds since 1970. */
  constructor(registry: Registry, clock: () => number = Date.now) {
    this.#clock = clock;
    const registers = [registry];
    this.#connected = new Gauge({
      name: 'iomesh_guard_watch_connected',
      help: '1 if a watch on the kind is open, otherwise 0.',
      labelNames: ['kind'],
      registers,
    });
    this.#objects = new Gauge({
      name: 'iomesh_guard_watch_objects',
      help: 'Objects of the kind in the cache.',
      labelNames: ['kind'],
      registers,
    });
    this.#interruptions = new Counter({
      name: 'iomesh_guard_watch_interruptions_total',
      help: 'Ended watches by reason (closed: by the server after its timeout; expired: HTTP 410; silence; broken; refused; behind: a list showed changes that the watch did not).',
      labelNames: ['kind', 'reason'],
      registers,
    });
    this.#lists = new Counter({
      name: 'iomesh_guard_watch_lists_total',
      help: 'Lists of all objects of the kind by result (done, failed).',
      labelNames: ['kind', 'result'],
      registers,
    });
    this.#reads = new Counter({
      name: 'iomesh_guard_consistent_reads_total',
      help: 'Consistent reads of the cluster by result (done, failed).',
      labelNames: ['result'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'iomesh_guard_consistent_read_duration_seconds',
      help: 'Duration of a consistent read.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    const ages = () => [...this.#lastSeen.keys()].map((kind) => ({ kind, age: this.age(kind) }));
    new Gauge({
      name: 'iomesh_guard_watch_age_seconds',
      help: 'Seconds since the last list, event or bookmark for this kind. The apiserver sends a bookmark every minute.',
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

  /** A list, event or bookmark arrived. */
  alive(kind: Kind): void {
    this.#lastSeen.set(kind, this.#clock());
  }

  objects(kind: Kind, number: number): void {
    this.#objects.set({ kind }, number);
  }

  interrupted(kind: Kind, reason: WatchEnd['reason'] | 'behind'): void {
    this.#interruptions.inc({ kind, reason });
  }

  listed(kind: Kind, result: 'done' | 'failed'): void {
    this.#lists.inc({ kind, result });
  }

  read(result: 'done' | 'failed', seconds: number): void {
    this.#reads.inc({ result });
    this.#duration.observe(seconds);
  }

  /** Seconds since the last list, event or bookmark of a kind; NaN before the first. */
  age(kind: Kind): number {
    const last = this.#lastSeen.get(kind);
    return last === undefined ? Number.NaN : (this.#clock() - last) / 1000;
  }

  /** The largest age of all kinds. */
  oldest(): number {
    return this.#lastSeen.size === 0
      ? Number.NaN
      : Math.max(...[...this.#lastSeen.keys()].map((kind) => this.age(kind)));
  }
}
