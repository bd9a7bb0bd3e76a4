/**
 * Whatever the order in which replicas read and write, whatever time passes and whoever sleeps for how
 * long: an apiserver trusts what a ready replica serves, and what it serves after that.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SelfManagedCertificates } from '../../src/certificates/self-managed.ts';
import { DAY, Installation, MUTATING, SECRET, VALIDATING } from './support.ts';

const MINUTE = 60_000;
const RUNS = Number(process.env['ROTATION_RUNS'] ?? 12);

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

/** Three replicas whose every request waits until it is let go. */
class History {
  readonly cluster = new Installation();
  readonly subjects = new Set<string>();
  ready = 0;
  replicas: SelfManagedCertificates[] = [];
  /** Replicas that were ready, and when what they served then ends. */
  readonly #trusted = new Map<SelfManagedCertificates, number>();
  readonly #looks = new Map<SelfManagedCertificates, { asked: unknown[]; answer: string | undefined }>();
  readonly #turns: (() => void)[] = [];
  readonly #busy = new Set<SelfManagedCertificates>();
  readonly #luck: Iterator<number>;
  #patience = new AbortController();

  constructor(luck: Iterator<number>) {
    this.#luck = luck;
  }

  async play(events: readonly Event[], after = 0): Promise<void> {
    const { cluster } = this;
    this.replicas = await Promise.all([cluster.replica(), cluster.replica(), cluster.replica()]);
    if (after > 0) {
      cluster.now += after;
      // The leaf has ended meanwhile; the next authority is still to come.
      await cluster.settle();
      this.look();
      cluster.now += DAY;
    }
    cluster.api.meddle = () => {
      const { signal } = this.#patience;
      return new Promise((resolve, reject) =>
        this.#turns.push(() => (signal.aborted ? reject(signal.reason) : resolve())),
      );
    };
    for (const { replica, passes, elapses, deletesSecret } of events) {
      if (deletesSecret) cluster.api.objects.delete(SECRET);
      void this.#pass(this.replicas[replica]!, passes);
      for (let left = this.#number() % 12; left > 0 && this.#busy.size > 0; left -= 1) await this.#turn();
      // No request takes longer than a minute.
      if (elapses > MINUTE) {
        this.#patience.abort();
        while (this.#busy.size > 0) await this.#turn();
        this.#patience = new AbortController();
      }
      cluster.now += elapses;
      this.look();
    }
    while (this.#busy.size > 0) await this.#turn();
    cluster.api.meddle = () => undefined;
  }

  look(): void {
    const { cluster } = this;
    for (const each of this.replicas) {
      const before = this.#trusted.get(each);
      // Only its end takes away what was trusted: not the leaf that comes after it either.
      if (before !== undefined && before <= cluster.now) this.#trusted.delete(each);
      if (each.problem !== undefined && !this.#trusted.has(each)) continue;
      this.ready += 1;
      expect(this.#distrust(each)).toBeUndefined();
      this.#trusted.set(each, each.current.notAfter.getTime());
    }
  }

  /** Asked for much more often than anything changes. */
  #distrust(replica: SelfManagedCertificates): string | undefined {
    const { cluster } = this;
    const { objects } = cluster.api;
    const asked = [objects.get(VALIDATING), objects.get(MUTATING), replica.current, cluster.now];
    const known = this.#looks.get(replica);
    if (known?.asked.every((each, index) => each === asked[index])) return known.answer;
    const answer = cluster.distrust(replica);
    this.#looks.set(replica, { asked, answer });
    for (const { subject } of cluster.bundles().flat()) this.subjects.add(subject);
    return answer;
  }

  async #pass(replica: SelfManagedCertificates, passes: number): Promise<void> {
    if (this.#busy.has(replica)) return;
    this.#busy.add(replica);
    const { signal } = this.#patience;
    try {
      for (let left = passes; left > 0; left -= 1) await replica.pass(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#busy.delete(replica);
    }
  }

  async #turn(): Promise<void> {
    // Making a certificate takes real time.
    while (this.#turns.length === 0 && this.#busy.size > 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const [next] = this.#turns.splice(this.#number() % Math.max(1, this.#turns.length), 1);
    next?.();
    await new Promise((resolve) => setImmediate(resolve));
    this.look();
  }

  #number(): number {
    return this.#luck.next().value as number;
  }
}

/** Little time passes, and much is done in it: one authority takes over from another. */
const soon: fc.Arbitrary<Event> = fc.record({
  replica: fc.nat({ max: 2 }),
  passes: fc.integer({ min: 1, max: 4 }),
  elapses: fc.constantFrom(0, 0, 0, 5_000, 11_000, 11 * MINUTE),
  deletesSecret: fc.nat({ max: 19 }).map((luck) => luck === 0),
});

it.each<[string, fc.Arbitrary<Event>, number]>([
  ['over the years', event, 0],
  ['while an authority takes over', soon, 729.5 * DAY],
])(
  'a ready replica serves what every webhook trusts, %s',
  async (_when, kind, after) => {
    let ready = 0;
    let authorities = 0;
    const events = fc.array(kind, { minLength: 15, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(events, fc.infiniteStream(fc.nat()), async (each, luck) => {
        const history = new History(luck);
        try {
          await history.play(each, after);
          await history.cluster.settle();
          await history.cluster.pass(30_000);
          for (const { problem } of history.replicas) expect(problem).toBeUndefined();
          history.look();
        } finally {
          history.cluster.close();
        }
        ready += history.ready;
        authorities += history.subjects.size;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    console.info(
      `certificates: ${RUNS} histories, ${authorities} authorities, ${ready} looks at ready replicas`,
    );
    expect(authorities).toBeGreaterThan(RUNS);
  },
  180_000,
);
