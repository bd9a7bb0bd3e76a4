/**
 * An apiserver trusts the certificate of a ready replica, and each later one, in any order of reads and
 * writes of the replicas, for any time that passes, and for replicas that pause for any time.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SelfManagedCertificates } from '../../src/certificates/self-managed.ts';
import { DAY, Installation, MUTATING, SECRET, VALIDATING } from './support.ts';
import { runsOf } from '../support/runs.ts';

const MINUTE = 60_000;
const RUNS = runsOf(12);

interface Event {
  readonly replica: number;
  readonly passes: number;
  readonly elapses: number;
  readonly deletesSecret: boolean;
}

const event: fc.Arbitrary<Event> = fc.record({
  replica: fc.nat({ max: 2 }),
  passes: fc.integer({ min: 1, max: 3 }),
  elapses: fc.constantFrom(
    0,
    0,
    0,
    MINUTE,
    11 * MINUTE,
    11 * MINUTE,
    31 * DAY,
    61 * DAY,
    91 * DAY,
    670 * DAY,
  ),
  deletesSecret: fc.nat({ max: 24 }).map((luck) => luck === 0),
});

/** Three replicas. Each request waits until it is chosen. */
class History {
  readonly cluster = new Installation();
  readonly subjects = new Set<string>();
  ready = 0;
  replicas: SelfManagedCertificates[] = [];
  /** Replicas that were ready, with the expiry of their certificate. */
  readonly #trusted = new Map<SelfManagedCertificates, number>();
  readonly #checked = new Map<SelfManagedCertificates, { inputs: unknown[]; result: string | undefined }>();
  readonly #steps: (() => void)[] = [];
  readonly #busy = new Set<SelfManagedCertificates>();
  readonly #luck: Iterator<number>;
  #timeout = new AbortController();

  constructor(luck: Iterator<number>) {
    this.#luck = luck;
  }

  async run(events: readonly Event[], after = 0): Promise<void> {
    const { cluster } = this;
    this.replicas = await Promise.all([cluster.replica(), cluster.replica(), cluster.replica()]);
    if (after > 0) {
      cluster.now += after;
      // The leaf has expired; there is no next CA yet.
      await cluster.settle();
      this.check();
      cluster.now += DAY;
    }
    cluster.api.meddle = () => {
      const { signal } = this.#timeout;
      return new Promise((resolve, reject) =>
        this.#steps.push(() => (signal.aborted ? reject(signal.reason) : resolve())),
      );
    };
    for (const { replica, passes, elapses, deletesSecret } of events) {
      if (deletesSecret) cluster.api.objects.delete(SECRET);
      void this.#pass(this.replicas[replica]!, passes);
      for (let left = this.#number() % 12; left > 0 && this.#busy.size > 0; left -= 1) await this.#step();
      // Requests time out after a minute.
      if (elapses > MINUTE) {
        this.#timeout.abort();
        while (this.#busy.size > 0) await this.#step();
        this.#timeout = new AbortController();
      }
      cluster.now += elapses;
      this.check();
    }
    while (this.#busy.size > 0) await this.#step();
    cluster.api.meddle = () => undefined;
  }

  check(): void {
    const { cluster } = this;
    for (const each of this.replicas) {
      const before = this.#trusted.get(each);
      // A trusted certificate is trusted until it expires.
      if (before !== undefined && before <= cluster.now) this.#trusted.delete(each);
      if (each.problem !== undefined && !this.#trusted.has(each)) continue;
      this.ready += 1;
      expect(this.#distrust(each)).toBeUndefined();
      this.#trusted.set(each, each.current.notAfter.getTime());
    }
  }

  /** Cached, because it is called more often than an input changes. */
  #distrust(replica: SelfManagedCertificates): string | undefined {
    const { cluster } = this;
    const { objects } = cluster.api;
    const inputs = [objects.get(VALIDATING), objects.get(MUTATING), replica.current, cluster.now];
    const known = this.#checked.get(replica);
    if (known?.inputs.every((each, index) => each === inputs[index])) return known.result;
    const result = cluster.distrust(replica);
    this.#checked.set(replica, { inputs, result });
    for (const { subject } of cluster.bundles().flat()) this.subjects.add(subject);
    return result;
  }

  async #pass(replica: SelfManagedCertificates, passes: number): Promise<void> {
    if (this.#busy.has(replica)) return;
    this.#busy.add(replica);
    const { signal } = this.#timeout;
    try {
      for (let left = passes; left > 0; left -= 1) await replica.pass(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#busy.delete(replica);
    }
  }

  async #step(): Promise<void> {
    // Creating a certificate takes real time.
    while (this.#steps.length === 0 && this.#busy.size > 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const [next] = this.#steps.splice(this.#number() % Math.max(1, this.#steps.length), 1);
    next?.();
    await new Promise((resolve) => setImmediate(resolve));
    this.check();
  }

  #number(): number {
    return this.#luck.next().value as number;
  }
}

/** Many steps in little time, while one CA replaces another. */
const soon: fc.Arbitrary<Event> = fc.record({
  replica: fc.nat({ max: 2 }),
  passes: fc.integer({ min: 1, max: 4 }),
  elapses: fc.constantFrom(0, 0, 0, 5_000, 11_000, 11 * MINUTE),
  deletesSecret: fc.nat({ max: 19 }).map((luck) => luck === 0),
});

it.each<[string, fc.Arbitrary<Event>, number]>([
  ['over the years', event, 0],
  ['while a CA is replaced', soon, 729.5 * DAY],
])(
  'every webhook trusts the certificate of a ready replica, %s',
  async (_when, kind, after) => {
    let ready = 0;
    let authorities = 0;
    const events = fc.array(kind, { minLength: 15, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(events, fc.infiniteStream(fc.nat()), async (each, luck) => {
        const history = new History(luck);
        try {
          await history.run(each, after);
          await history.cluster.settle();
          await history.cluster.pass(30_000);
          for (const { problem } of history.replicas) expect(problem).toBeUndefined();
          history.check();
        } finally {
          history.cluster.close();
        }
        ready += history.ready;
        authorities += history.subjects.size;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    console.info(
      `certificates: ${RUNS} histories, ${authorities} authorities, ${ready} checks of ready replicas`,
    );
    expect(authorities).toBeGreaterThan(RUNS);
  },
  180_000,
);
