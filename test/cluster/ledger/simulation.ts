/**
 * A simulated cluster. Every step that takes time waits, and a seed chooses the next one: apiservers,
 * replicas of the webhook with the real ledger and real rules, crashes, time that passes, and users who
 * delete the ledger.
 */
import { ledgerView, stableJson } from '../../../src/admission/ledger-view.ts';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { refusalOf } from '../../../src/admission/refusal.ts';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { type Change, type Resource, resourceKey, toResource } from '../../../src/core/base/model.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { World } from '../../../src/core/world.ts';
import type { LedgerEntry } from '../../../src/cluster/ledger/entry.ts';
import { ReplicatedLedger } from '../../../src/cluster/ledger/ledger.ts';
import type { LedgerState, LedgerStore, WorldReader } from '../../../src/cluster/ledger/types.ts';

/** The request timeout of an apiserver; until then it may store an admitted change. */
export const REQUEST_MS = 60_000;
export const HOLD_MS = 180_000;
/** A request without conflicts takes about ten steps. */
const LATE = 20;
const WEBHOOK_MS = 4_500;

/** The rules that these small objects can violate. */
const RULES = rules.filter(({ code }) => ['IOM201', 'IOM601', 'IOM602', 'IOM703'].includes(code));

/** Small objects have no volumes: to deny the deletion of one in use, IOM602 is an error. */
const SETTINGS = {
  today: '2026-06-01',
  config: { ...DEFAULT_CONFIG, rules: { IOM602: 'error' } },
} as const;

/**
 * A request of a user; `object` of an update is the new object. `clean`: a controller deletes the object, which
 * no ledger sees. `end`: the namespace of the object is deleted.
 */
export interface Wish {
  readonly operation: 'create' | 'update' | 'delete' | 'clean' | 'end';
  readonly object: JsonObject;
}

/** The namespaces of the objects in the plans. */
const NAMESPACES = ['n', 'k', 'l', 'iomesh-system'];

export interface Plan {
  readonly seed: number;
  readonly replicas: number;
  readonly stored: readonly JsonObject[];
  readonly wishes: readonly (Wish & {
    readonly replica: number;
    /** Another admission plugin rejects the change after our webhook admitted it. */
    readonly refused: boolean;
  })[];
  readonly crashes: readonly number[];
  /** Periods of time that pass, in milliseconds. */
  readonly pauses: readonly number[];
  readonly ledgerDeletions: number;
}

/** How a replica reads and writes. A test changes it to show that the order matters. */
export interface Access {
  readonly store: LedgerStore;
  readonly reader: WorldReader;
}
export interface Mutation {
  readonly access?: (access: Access, simulation: Simulation) => Access;
  readonly holdMs?: number;
  /** Creations that the world shows cannot be stored are admitted. */
  readonly refusals?: 'ignored';
}

interface StoredChange {
  readonly change: Change;
  /** By a controller, not evaluated. */
  readonly clean?: boolean;
  readonly order: number;
}

export class Simulation {
  readonly #steps: (() => void)[] = [];
  readonly #random: () => number;
  readonly #plan: Plan;
  readonly #mutation: Mutation;
  readonly objects = new Map<string, Resource>();
  readonly #initial: readonly Resource[];
  readonly #stored: StoredChange[] = [];
  readonly #commits: { readonly entry: LedgerEntry; readonly order: number }[] = [];
  readonly #alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  readonly #replicas: Replica[] = [];
  readonly #ending = new Set<string>();
  /** The uids of all objects that were ever stored. */
  readonly everStored = new Set<string>();
  #ledger:
    | {
        version: string;
        identity: string;
        entries: readonly LedgerEntry[];
        untouched: boolean;
        lockRequest?: string | undefined;
      }
    | undefined;
  #counter = 1;
  now = 0;
  /** Counts the answers: a ledger that admits nothing would pass every other check. */
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

  /** Runs the plan to its end. */
  async run(): Promise<void> {
    for (const wish of this.#plan.wishes) void this.#apiserver(wish);
    for (const milliseconds of this.#plan.pauses)
      void this.#severalSteps(LATE).then(() => this.#pass(milliseconds));
    for (const which of this.#plan.crashes)
      void this.#severalSteps(LATE).then(() => {
        const index = which % this.#replicas.length;
        this.#replicas[index]!.crashed = true;
        this.#replicas[index] = new Replica(this, this.#mutation);
      });
    for (let index = 0; index < this.#plan.ledgerDeletions; index += 1)
      void this.#severalSteps(LATE).then(() => {
        this.#ledger = undefined;
      });
    for (const index of this.#replicas.keys())
      void this.#severalSteps(LATE).then(() => this.#replicas[index]!.ledger.maintain());
    while (this.#steps.length > 0) {
      const index = Math.floor(this.#random() * this.#steps.length);
      const [next] = this.#steps.splice(index, 1);
      next!();
      await new Promise((resolve) => setImmediate(resolve));
      // Time passes when nothing else can happen.
      if (this.#steps.length === 0 && this.#alarms.size > 0) {
        this.#pass(500);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /**
   * The violations in the stored objects: changes that would not have been allowed one after another in
   * the order of the ledger, and pairs of conflicting objects.
   */
  violations(): string[] {
    const config = SETTINGS;
    let world = World.of({ resources: this.#initial, ...config });
    const violations: string[] = [];
    for (const { change, clean } of [...this.#stored].sort((a, b) => a.order - b.order)) {
      const before = world.getByKey((change.after ?? change.before)!.key);
      const real: Change = { ...(before && { before }), ...(change.after && { after: change.after }) };
      if (clean === true) {
        world = world.with(real);
        continue;
      }
      for (const { code, message } of judgeChange(world, real, RULES).denied)
        violations.push(`${code} ${message}`);
      world = world.with(real);
    }
    const last = World.of({ resources: [...this.objects.values()], ...config });
    const double = RULES.filter(({ code }) => code === 'IOM703');
    violations.push(...judge(last, double).findings.map(({ code, message }) => `${code} ${message}`));
    return violations;
  }

  /** Waits until the seed chooses this step. */
  step(): Promise<void> {
    return new Promise((resolve) => this.#steps.push(resolve));
  }

  /** Waits for a random number of steps. */
  async #severalSteps(most: number): Promise<void> {
    for (let left = Math.floor(this.#random() * most); left >= 0; left -= 1) await this.step();
  }

  alarm(milliseconds: number, ring: () => void): void {
    this.#alarms.add({ at: this.now + milliseconds, ring });
  }

  world(): World {
    const namespaces = NAMESPACES.map((name) => {
      const ending = this.#ending.has(name) ? { deletionTimestamp: '2026-06-01T00:00:00Z' } : {};
      return toResource({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...ending } })!;
    });
    return World.of({ resources: [...namespaces, ...this.objects.values()], ...SETTINGS });
  }

  readLedger(): LedgerState {
    return this.#ledger ?? { version: undefined, identity: undefined, entries: undefined, untouched: false };
  }

  writeLedger(entries: readonly LedgerEntry[], version: string | undefined, lockRequest?: string) {
    if (this.#ledger?.version !== version) return { result: 'conflict' } as const;
    const known = new Set(this.#ledger?.entries.map(({ id }) => id));
    const order = Number(this.#next());
    // Within one write in the order of evaluation.
    entries.forEach((entry, index) => {
      if (!known.has(entry.id)) this.#commits.push({ entry, order: order + index / 1000 });
    });
    const next = String(order);
    this.#ledger = {
      version: next,
      identity: this.#ledger?.identity ?? next,
      entries,
      untouched: false,
      lockRequest,
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
    await this.#severalSteps(LATE);
    if (wish.operation === 'clean') return this.#clean(wish.object);
    if (wish.operation === 'end') {
      this.#ending.add(namespaceOf(wish.object));
      return;
    }
    const start = this.now;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const change = this.#changeOf(wish);
      if (change === undefined) return;
      await this.step();
      const allowed = await this.#ask(change, wish.replica);
      this.answers[allowed === undefined ? 'unanswered' : allowed ? 'allowed' : 'denied'] += 1;
      if (allowed !== true || wish.refused) return;
      const answered = Number(this.#next());
      await this.#severalSteps(LATE);
      if (this.now - start > REQUEST_MS) return;
      if (this.#store(change, answered)) return;
      // Conflict: the apiserver calls the webhooks again with the current object.
      if (wish.operation === 'create') return;
    }
  }

  #changeOf({ operation, object }: Wish): Change | undefined {
    const before = this.objects.get(keyOf(object));
    // The apiserver sees last that a name is taken. It looks at the namespace only now.
    if (operation === 'create')
      return this.#ending.has(namespaceOf(object)) ? undefined : { after: this.#fresh(object) };
    if (before === undefined) return undefined;
    if (operation === 'delete') return { before };
    const { uid, resourceVersion } = before.json['metadata'] as Record<string, string>;
    const metadata = { ...(object['metadata'] as JsonObject), uid: uid!, resourceVersion: resourceVersion! };
    return { before, after: toResource({ ...object, metadata })! };
  }

  async #ask(change: Change, replica: number): Promise<boolean | undefined> {
    const { ledger } = this.#replicas[replica % this.#replicas.length]!;
    const controller = new AbortController();
    const request = {
      change,
      user: 'admin',
      dryRun: false,
      evaluate: (world: World) => {
        if (this.#mutation.refusals !== 'ignored' && refusalOf(change, world) !== undefined)
          return { allowed: false, answer: false };
        const allowed = judgeChange(world, change, RULES).denied.length === 0;
        return { allowed, answer: allowed };
      },
    };
    return await new Promise((resolve) => {
      this.alarm(WEBHOOK_MS, () => {
        controller.abort();
        resolve(undefined);
      });
      ledger.decide(request, WEBHOOK_MS, controller.signal).then(resolve, () => resolve(undefined));
    });
  }

  /** An apiserver stores a change only onto the version that it read. */
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

  /** A controller deletes an object. */
  #clean(object: JsonObject): void {
    const before = this.objects.get(keyOf(object));
    if (before === undefined) return;
    this.objects.delete(before.key);
    this.#stored.push({ change: { before }, order: Number(this.#next()), clean: true });
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
    const uid = uidOf(resource);
    this.everStored.add(uid);
    // The watches of the replicas show it some time later.
    for (const replica of this.#replicas)
      void this.#severalSteps(LATE).then(() => {
        replica.seen.add(uid);
      });
  }

  #next(): string {
    this.#counter += 1;
    return String(this.#counter);
  }
}

/** A replica of the webhook. After a crash it receives and gives no answers. */
class Replica {
  crashed = false;
  /** The uids that the watch has shown. */
  readonly seen: Set<string>;
  readonly ledger: ReplicatedLedger;

  constructor(simulation: Simulation, { access = (same) => same, holdMs = HOLD_MS }: Mutation) {
    this.seen = new Set([...simulation.objects.values()].map(uidOf));
    const step = async () => {
      await simulation.step();
      if (this.crashed) await new Promise(() => undefined);
    };
    // The request and the answer each take a step.
    const remote = async <T>(effect: () => T): Promise<T> => {
      await step();
      const result = effect();
      await step();
      return result;
    };
    const honest: Access = {
      store: {
        read: () => remote(() => simulation.readLedger()),
        write: (entries, version, _signal, lockRequest) =>
          remote(() => simulation.writeLedger(entries, version, lockRequest)),
      },
      reader: {
        consistent: () => remote(() => simulation.world()),
        hasBeenStored: (_key, uid) => this.seen.has(uid),
      },
    };
    // The clocks of two machines differ.
    const offset = Math.floor(simulation.now * 7919) % 1_000_000;
    this.ledger = new ReplicatedLedger({
      ...access(honest, simulation),
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

function isEntryOf(entry: LedgerEntry, { before, after }: Change): boolean {
  const { uid, resourceVersion } = ((before ?? after)!.json['metadata'] ?? {}) as Record<string, string>;
  return (
    entry.key === (after ?? before)!.key &&
    entry.uid === uid &&
    (before === undefined || entry.resourceVersion === resourceVersion) &&
    stableJson(entry.object ?? null) === stableJson(after === undefined ? null : ledgerView(after))
  );
}

function uidOf({ json }: Resource): string {
  return (json['metadata'] as Record<string, string>)['uid'] ?? '';
}

function namespaceOf(json: JsonObject): string {
  return (json['metadata'] as Record<string, string>)['namespace'] ?? '';
}

function keyOf(json: JsonObject): string {
  const { namespace, name } = json['metadata'] as Record<string, string>;
  return resourceKey(json['kind'] as Resource['kind'], namespace, name!);
}

/** A seeded generator of numbers below 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
