/**
 * A cluster in which everything that takes time waits for its turn, and a seed says whose turn is next:
 * apiservers, replicas of the webhook with their real ledger and real rules, crashes, the passing of
 * time, and people who delete the ledger.
 */
import { essence, stable } from '../../../src/admission/ledger-view.ts';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { type Change, type Resource, resourceKey, toResource } from '../../../src/core/base/model.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { World } from '../../../src/core/world.ts';
import type { Entry } from '../../../src/cluster/ledger/entry.ts';
import { ReplicatedLedger } from '../../../src/cluster/ledger/ledger.ts';
import type { LedgerState, LedgerStore, WorldReader } from '../../../src/cluster/ledger/types.ts';

/** An apiserver gives a request up after this time; until then it may store what was allowed. */
export const REQUEST_MS = 60_000;
export const HOLD_MS = 180_000;
/** A request takes some ten turns where nobody is in its way. */
const LATE = 20;
const WEBHOOK_MS = 4_500;

/** The rules that these small objects can violate. */
const RULES = rules.filter(({ code }) => ['IOM201', 'IOM601', 'IOM602', 'IOM703'].includes(code));

/** What somebody wants done. `object` of an update is what the object becomes. */
export interface Wish {
  readonly operation: 'create' | 'update' | 'delete';
  readonly object: JsonObject;
}

export interface Plan {
  readonly seed: number;
  readonly replicas: number;
  readonly stored: readonly JsonObject[];
  readonly wishes: readonly (Wish & {
    readonly replica: number;
    /** A later step of admission says no, after ours said yes. */
    readonly refused: boolean;
  })[];
  readonly crashes: readonly number[];
  /** How often some time passes, in milliseconds. */
  readonly pauses: readonly number[];
  readonly ledgerDeletions: number;
}

/** Two ways to see through one replica's eyes; a test changes them to show that the order matters. */
export interface Eyes {
  readonly store: LedgerStore;
  readonly reader: WorldReader;
}
export interface Mutation {
  readonly eyes?: (eyes: Eyes, simulation: Simulation) => Eyes;
  readonly holdMs?: number;
}

interface Stored {
  readonly change: Change;
  readonly order: number;
}

export class Simulation {
  readonly #turns: (() => void)[] = [];
  readonly #random: () => number;
  readonly #plan: Plan;
  readonly #mutation: Mutation;
  readonly objects = new Map<string, Resource>();
  readonly #initial: readonly Resource[];
  readonly #stored: Stored[] = [];
  readonly #commits: { readonly entry: Entry; readonly order: number }[] = [];
  readonly #alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  readonly #replicas: Replica[] = [];
  #ledger:
    | {
        version: string;
        identity: string;
        entries: readonly Entry[];
        untouched: boolean;
        turn?: string | undefined;
      }
    | undefined;
  #counter = 1;
  now = 0;
  /** What came of the wishes, for tests that look whether anything was allowed at all. */
  readonly answers = { allowed: 0, denied: 0, unanswered: 0, stored: 0 };

  constructor(plan: Plan, mutation: Mutation = {}) {
    this.#plan = plan;
    this.#mutation = mutation;
    this.#random = generator(plan.seed);
    this.#ledger = { version: this.#next(), identity: this.#next(), entries: [], untouched: true };
    for (const json of plan.stored) this.#put(this.#fresh(json));
    this.#initial = [...this.objects.values()];
    for (let index = 0; index < plan.replicas; index += 1) this.#replicas.push(new Replica(this, mutation));
  }

  /** Plays the plan to its end. */
  async run(): Promise<void> {
    for (const wish of this.#plan.wishes) void this.#apiserver(wish);
    for (const milliseconds of this.#plan.pauses)
      void this.#severalTurns(LATE).then(() => this.#pass(milliseconds));
    for (const which of this.#plan.crashes)
      void this.#severalTurns(LATE).then(() => {
        const index = which % this.#replicas.length;
        this.#replicas[index]!.crashed = true;
        this.#replicas[index] = new Replica(this, this.#mutation);
      });
    for (let index = 0; index < this.#plan.ledgerDeletions; index += 1)
      void this.#severalTurns(LATE).then(() => {
        this.#ledger = undefined;
      });
    for (const index of this.#replicas.keys())
      void this.#severalTurns(LATE).then(() => this.#replicas[index]!.ledger.tend());
    while (this.#turns.length > 0) {
      const index = Math.floor(this.#random() * this.#turns.length);
      const [next] = this.#turns.splice(index, 1);
      next!();
      await new Promise((resolve) => setImmediate(resolve));
      // When everything waits for time to pass, it does.
      if (this.#turns.length === 0 && this.#alarms.size > 0) {
        this.#pass(500);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /**
   * What is wrong with what was stored: changes that would not have been allowed, had all been asked
   * one after another in the order of the ledger; and conflicting objects side by side.
   */
  faults(): string[] {
    const config = { today: '2026-06-01' };
    let world = World.of({ resources: this.#initial, ...config });
    const faults: string[] = [];
    for (const { change } of [...this.#stored].sort((a, b) => a.order - b.order)) {
      const before = world.getByKey((change.after ?? change.before)!.key);
      const real: Change = { ...(before && { before }), ...(change.after && { after: change.after }) };
      for (const { code, message } of judgeChange(world, real, RULES).denied)
        faults.push(`${code} ${message}`);
      world = world.with(real);
    }
    const last = World.of({ resources: [...this.objects.values()], ...config });
    const double = RULES.filter(({ code }) => code === 'IOM703');
    faults.push(...judge(last, double).findings.map(({ code, message }) => `${code} ${message}`));
    return faults;
  }

  /** Waits until the seed says so. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#turns.push(resolve));
  }

  /** Waits for up to so many turns, so that things also come late. */
  async #severalTurns(most: number): Promise<void> {
    for (let left = Math.floor(this.#random() * most); left >= 0; left -= 1) await this.turn();
  }

  alarm(milliseconds: number, ring: () => void): void {
    this.#alarms.add({ at: this.now + milliseconds, ring });
  }

  world(): World {
    return World.of({ resources: [...this.objects.values()], today: '2026-06-01' });
  }

  readLedger(): LedgerState {
    return this.#ledger ?? { version: undefined, identity: undefined, entries: undefined, untouched: false };
  }

  writeLedger(entries: readonly Entry[], version: string | undefined, turn?: string) {
    if (this.#ledger?.version !== version) return { result: 'conflict' } as const;
    const known = new Set(this.#ledger?.entries.map(({ id }) => id));
    const order = Number(this.#next());
    // Within one write, in the order they were judged.
    entries.forEach((entry, index) => {
      if (!known.has(entry.id)) this.#commits.push({ entry, order: order + index / 1000 });
    });
    const next = String(order);
    this.#ledger = {
      version: next,
      identity: this.#ledger?.identity ?? next,
      entries,
      untouched: false,
      turn,
    };
    return { result: 'ok', version: next } as const;
  }

  #pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const alarm of [...this.#alarms]) {
      if (alarm.at > this.now) continue;
      this.#alarms.delete(alarm);
      alarm.ring();
    }
  }

  async #apiserver(wish: Plan['wishes'][number]): Promise<void> {
    await this.#severalTurns(LATE);
    const start = this.now;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const change = this.#changeOf(wish);
      if (change === undefined) return;
      await this.turn();
      const allowed = await this.#ask(change, wish.replica);
      this.answers[allowed === undefined ? 'unanswered' : allowed ? 'allowed' : 'denied'] += 1;
      if (allowed !== true || wish.refused) return;
      const answered = Number(this.#next());
      await this.#severalTurns(LATE);
      if (this.now - start > REQUEST_MS) return;
      if (this.#store(change, answered)) return;
      // Another was quicker: the apiserver asks everybody again about the object as it is now.
    }
  }

  #changeOf({ operation, object }: Wish): Change | undefined {
    const before = this.objects.get(keyOf(object));
    if (operation === 'create') return before === undefined ? { after: this.#fresh(object) } : undefined;
    if (before === undefined) return undefined;
    if (operation === 'delete') return { before };
    const { uid, resourceVersion } = before.json['metadata'] as Record<string, string>;
    const metadata = { ...(object['metadata'] as JsonObject), uid: uid!, resourceVersion: resourceVersion! };
    return { before, after: toResource({ ...object, metadata })! };
  }

  async #ask(change: Change, replica: number): Promise<boolean | undefined> {
    const { ledger } = this.#replicas[replica % this.#replicas.length]!;
    const controller = new AbortController();
    const question = {
      change,
      dryRun: false,
      judge: (world: World) => {
        const allowed = judgeChange(world, change, RULES).denied.length === 0;
        return { allowed, answer: allowed };
      },
    };
    return await new Promise((resolve) => {
      this.alarm(WEBHOOK_MS, () => {
        controller.abort();
        resolve(undefined);
      });
      ledger.decide(question, WEBHOOK_MS, controller.signal).then(resolve, () => resolve(undefined));
    });
  }

  /** An apiserver stores only onto what it read. */
  #store(change: Change, answered: number): boolean {
    const key = (change.after ?? change.before)!.key;
    const version = (resource: Resource | undefined) =>
      (resource?.json['metadata'] as JsonObject | undefined)?.['resourceVersion'];
    const stored = this.objects.get(key);
    if (change.before === undefined ? stored !== undefined : version(stored) !== version(change.before))
      return false;
    if (change.after === undefined) this.objects.delete(key);
    else this.#put(change.after);
    const commit = this.#commits.find(({ entry }) => isEntryOf(entry, change));
    this.#stored.push({ change, order: commit?.order ?? answered });
    this.answers.stored += 1;
    return true;
  }

  #fresh(json: JsonObject): Resource {
    return toResource({
      ...json,
      metadata: { ...(json['metadata'] as JsonObject), uid: `u${this.#next()}` },
    })!;
  }

  #put({ json }: Resource): void {
    const metadata = { ...(json['metadata'] as JsonObject), resourceVersion: this.#next() };
    const resource = toResource({ ...json, metadata })!;
    this.objects.set(resource.key, resource);
  }

  #next(): string {
    this.#counter += 1;
    return String(this.#counter);
  }
}

/** One replica of the webhook. A crashed one never gets another answer, and gives none. */
class Replica {
  crashed = false;
  readonly ledger: ReplicatedLedger;

  constructor(simulation: Simulation, { eyes = (same) => same, holdMs = HOLD_MS }: Mutation) {
    const turn = async () => {
      await simulation.turn();
      if (this.crashed) await new Promise(() => undefined);
    };
    // Both the way there and the way back take time.
    const remote = async <T>(effect: () => T): Promise<T> => {
      await turn();
      const result = effect();
      await turn();
      return result;
    };
    const honest: Eyes = {
      store: {
        read: () => remote(() => simulation.readLedger()),
        write: (entries, version, _signal, turn) =>
          remote(() => simulation.writeLedger(entries, version, turn)),
      },
      reader: { consistent: () => remote(() => simulation.world()) },
    };
    // No two machines agree on the time.
    const offset = Math.floor(simulation.now * 7919) % 1_000_000;
    this.ledger = new ReplicatedLedger({
      ...eyes(honest, simulation),
      holdMs,
      clock: {
        now: () => simulation.now + offset,
        sleep: (milliseconds) =>
          new Promise((resolve) =>
            simulation.alarm(milliseconds, () => {
              if (!this.crashed) resolve();
            }),
          ),
      },
    });
  }
}

function isEntryOf(entry: Entry, { before, after }: Change): boolean {
  const { uid, resourceVersion } = ((before ?? after)!.json['metadata'] ?? {}) as Record<string, string>;
  return (
    entry.key === (after ?? before)!.key &&
    entry.uid === uid &&
    (before === undefined || entry.resourceVersion === resourceVersion) &&
    stable(entry.object ?? null) === stable(after === undefined ? null : essence(after))
  );
}

function keyOf(json: JsonObject): string {
  const { namespace, name } = json['metadata'] as Record<string, string>;
  return resourceKey(json['kind'] as Resource['kind'], namespace, name!);
}

/** A generator of numbers below 1 that is the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
