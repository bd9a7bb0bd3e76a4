/**
 * A simulated cluster. Every step that takes time waits, and a seed chooses the next one: apiservers,
 * replicas of the webhook with the real ledger, real caches and real rules, watches that hang, skip or go back, crashes,
 * time that passes, users who delete the ledger, and a restore of etcd.
 */
import { ledgerView } from '../../../src/admission/ledger-view.ts';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { refusalOf } from '../../../src/admission/refusal.ts';
import { exactText, type JsonObject, own } from '../../../src/core/base/json.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { type Change, type Resource, resourceKey, toResource } from '../../../src/core/base/model.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { World } from '../../../src/core/world.ts';
import { isResolved, type LedgerEntry } from '../../../src/cluster/ledger/entry.ts';
import { ReplicatedLedger } from '../../../src/cluster/ledger/ledger.ts';
import { cacheGap } from '../../../src/cluster/ledger/cache-gap.ts';
import type {
  LedgerContent,
  LedgerState,
  LedgerStore,
  WorldReader,
} from '../../../src/cluster/ledger/types.ts';
import { cacheKey, type ListedVersions, ObjectCache } from '../../../src/cluster/object-cache.ts';
import type { CachedObject } from '../../../src/cluster/cached-object.ts';

/** The request timeout of an apiserver; until then it may store an admitted deletion, which can be one of a collection. */
export const REQUEST_MS = 60_000;
/** Until then it may store any other admitted change. */
export const OBJECT_REQUEST_MS = 34_000;
export const HOLD_MS = 180_000;
/** A request without conflicts takes about ten steps. */
const LATE = 20;
const WEBHOOK_MS = 4_500;
/** A list must have shown within this time that the watches lack nothing. */
const PROVEN_MS = 5_000;
/** The ledger is used without a read for this time. */
const LATEST_MS = 1_000;
const KINDS = ['IOMeshCluster', 'ConfigMap', 'StorageClass'] as const;

/** The rules that these small objects can violate. */
const RULES = rules.filter(({ code }) => ['IOM201', 'IOM601', 'IOM602', 'IOM703'].includes(code));

/** Small objects have no volumes: to deny the deletion of one in use, IOM602 is an error. */
const SETTINGS = {
  today: '2026-06-01',
  config: { ...DEFAULT_CONFIG, rules: { IOM602: 'error' } },
} as const;

/**
 * A request of a user; `object` of an update is the new object. `clean`: a controller deletes the object, which
 * no ledger sees. `touch`: a controller writes its status. `bypass`: a user creates it while the webhook is not registered. `end`: the namespace of the object is
 * deleted.
 */
export interface Wish {
  readonly operation: 'create' | 'update' | 'delete' | 'clean' | 'touch' | 'bypass' | 'end';
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
    /** Begins after so many steps. */
    readonly delay?: number;
  })[];
  readonly crashes: readonly number[];
  /** Periods of time that pass, in milliseconds. */
  readonly pauses: readonly number[];
  readonly ledgerDeletions: number;
  /** Failures of the watches. `hang`: nothing arrives any more. `skip`: one event is lost. `replay`: old events arrive again. */
  readonly watches?: readonly {
    readonly replica: number;
    readonly failure: 'hang' | 'skip' | 'replay';
    readonly delay?: number;
  }[];
  /** Replicas of a release that knows nothing of caches, the first ones. */
  readonly old?: number;
  /** etcd is set back to its state at an earlier step. */
  readonly restores?: readonly {
    readonly backup: number;
    readonly restore: number;
    /** The versions go on from a higher number, as with `etcdutl snapshot restore --bump-revision`. */
    readonly bumped?: boolean;
  }[];
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
  /** The watch takes in an event that is older than the last one. */
  readonly replays?: 'accepted';
  /** How long a removed change is named in the ledger. */
  readonly appliedMs?: number;
  /** How long a cache is used after its proof. */
  readonly provenMs?: number;
  /** The cache has a change if its watch has come as far. */
  readonly cache?: 'by position';
  /** A list may be older than what the watch has shown. */
  readonly restores?: 'unnoticed';
  /** The world lacks the ConfigMaps without a connection's keys that pending changes change. */
  readonly uses?: 'ignored';
}

interface StoredChange {
  readonly change: Change;
  /** By a controller, not evaluated. */
  readonly clean?: boolean;
  /** When a change was stored that bypassed the webhook. */
  readonly bypassedAt?: number;
  /** When the ledger was read in the round that admitted it. */
  readonly since?: number;
  readonly order: number;
}

/** A change of an object, as a watch shows it. */
interface WatchEvent {
  readonly version: number;
  readonly key: string;
  readonly after: Resource | undefined;
}

export class Simulation {
  readonly #steps: (() => void)[] = [];
  readonly #random: () => number;
  readonly #plan: Plan;
  readonly #mutation: Mutation;
  objects = new Map<string, Resource>();
  readonly #initial: readonly Resource[];
  #stored: StoredChange[] = [];
  readonly #commits: { readonly entry: LedgerEntry; readonly order: number; readonly since: number }[] = [];
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
        lockRequest?: LedgerContent['lockRequest'];
        progress?: LedgerContent['progress'];
      }
    | undefined;
  #counter = 1;
  #orders = 1;
  readonly #open = new Set<{ readonly change: Change; readonly epoch: number; isFounded: boolean }>();
  readonly #unfounded: string[] = [];
  /** Counts the restores: no earlier request is stored after one. */
  #epoch = 0;
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
    for (let index = 0; index < plan.replicas; index += 1)
      this.#replicas.push(new Replica(this, mutation, index < (plan.old ?? 0)));
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
    for (const { replica, failure, delay } of this.#plan.watches ?? [])
      void this.#severalSteps(LATE, delay).then(() =>
        this.#replicas[replica % this.#replicas.length]!.fail(failure),
      );
    for (const { backup, restore, bumped } of this.#plan.restores ?? [])
      void this.#restoreLater(backup, restore, bumped);
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
   * the order of the ledger, and pairs of conflicting objects. Also denials for which there was no reason at any moment
   * of the request.
   */
  violations(): string[] {
    const config = SETTINGS;
    let world = World.of({ resources: this.#initial, ...config });
    const violations: string[] = [...this.#unfounded];
    // Changes that bypassed the webhook are seen after some seconds: before that they may be missing.
    const bypassed: StoredChange[] = [];
    for (const each of [...this.#stored].sort((a, b) => a.order - b.order)) {
      const { change, clean, bypassedAt, since } = each;
      if (bypassedAt !== undefined) bypassed.push(each);
      else if (clean !== true) {
        const maybeUnseen = bypassed.filter((other) => other.bypassedAt! > since! - PROVEN_MS);
        const without = maybeUnseen.reduce((result, { change: { after } }) => {
          const stored = result.getByKey(after!.key);
          return stored !== undefined && uidOf(stored) === uidOf(after!)
            ? result.with({ before: stored })
            : result;
        }, world);
        const [denied, otherwise] = [world, without].map(
          (possible) => judgeChange(possible, realChange(possible, change), RULES).denied,
        );
        if (otherwise!.length > 0)
          for (const { code, message } of denied!) violations.push(`${code} ${message}`);
      }
      world = world.with(realChange(world, change));
    }
    if (this.#plan.wishes.some(({ operation }) => operation === 'bypass')) return violations;
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
  async #severalSteps(most: number, least = 0): Promise<void> {
    for (let left = least; left > 0; left -= 1) await this.step();
    for (let left = Math.floor(this.#random() * most); left >= 0; left -= 1) await this.step();
  }

  /** Does something some steps later. */
  later(effect: () => void): void {
    void this.#severalSteps(LATE).then(effect);
  }

  alarm(milliseconds: number, ring: () => void): void {
    this.#alarms.add({ at: this.now + milliseconds, ring });
  }

  world(): World {
    return this.worldOf(this.objects.values());
  }

  readLedger(): LedgerState {
    return this.#ledger ?? { version: undefined, identity: undefined, entries: undefined, untouched: false };
  }

  writeLedger(content: LedgerContent, version: string | undefined, since: number) {
    if (this.#ledger?.version !== version) return { result: 'conflict' } as const;
    const known = new Set(this.#ledger?.entries.map(({ id }) => id));
    const order = this.#nextOrder();
    // Within one write in the order of evaluation.
    content.entries.forEach((entry, index) => {
      if (!known.has(entry.id)) this.#commits.push({ entry, order: order + index / 1000, since });
    });
    const next = this.#next();
    this.#ledger = { ...content, version: next, identity: this.#ledger?.identity ?? next, untouched: false };
    this.#found();
    return { result: 'ok', version: next, identity: this.#ledger.identity } as const;
  }

  /** The names and versions of a kind, as a list shows them. */
  list(kind: string): { readonly versions: ListedVersions; readonly objects: readonly Resource[] } {
    const objects = [...this.objects.values()].filter((each) => each.kind === kind);
    const entries = objects.map((each) => {
      const cached = toCached(each);
      return [cacheKey(cached), { version: cached.version, uid: uidOf(each) }] as const;
    });
    return { versions: { version: String(this.#counter), objects: new Map(entries) }, objects };
  }

  /** A world with these objects and the namespaces. */
  worldOf(objects: Iterable<Resource>): World {
    const namespaces = NAMESPACES.map((name) => {
      const ending = this.#ending.has(name) ? { deletionTimestamp: '2026-06-01T00:00:00Z' } : {};
      return toResource({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...ending } })!;
    });
    return World.of({ resources: [...namespaces, ...objects], ...SETTINGS });
  }

  async #restoreLater(backupDelay: number, restoreDelay: number, bumped = false): Promise<void> {
    await this.#severalSteps(LATE, backupDelay);
    const backup = {
      objects: new Map(this.objects),
      counter: this.#counter,
      stored: [...this.#stored],
      ledger: this.#ledger,
    };
    await this.#severalSteps(LATE, restoreDelay);
    this.objects = backup.objects;
    this.#counter = bumped ? this.#counter + 1000 : backup.counter;
    this.#stored = backup.stored;
    this.#ledger = backup.ledger;
    this.#epoch += 1;
    // What was written since the backup is not sent. The apiservers are stopped for the restore: the replicas notice
    // that the watches broke, or only later, and then the restore takes longer than a proof lasts.
    if (!bumped && this.#random() < 0.5) {
      this.#pass(PROVEN_MS + 1);
      for (const replica of this.#replicas) void this.#severalSteps(LATE).then(() => replica.reconnect());
    } else for (const replica of this.#replicas) replica.reconnect();
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
    await this.#severalSteps(LATE, wish.delay);
    if (wish.operation === 'clean') return this.#clean(wish.object);
    if (wish.operation === 'touch') {
      const stored = this.objects.get(keyOf(wish.object));
      return stored && this.#put(stored);
    }
    if (wish.operation === 'bypass') return this.#bypass(wish.object);
    if (wish.operation === 'end') {
      this.#ending.add(namespaceOf(wish.object));
      this.#found();
      return;
    }
    const start = this.now;
    const epoch = this.#epoch;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const change = this.#changeOf(wish);
      if (change === undefined) return;
      await this.step();
      const allowed = await this.#ask(change, wish.replica);
      this.answers[allowed === undefined ? 'unanswered' : allowed ? 'allowed' : 'denied'] += 1;
      if (allowed !== true || wish.refused) return;
      const answered = this.#nextOrder();
      await this.#severalSteps(LATE);
      const most = wish.operation === 'delete' ? REQUEST_MS : OBJECT_REQUEST_MS;
      if (this.now - start > most || epoch !== this.#epoch) return;
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
    const open = { change, epoch: this.#epoch, isFounded: false };
    this.#open.add(open);
    this.#found();
    const request = {
      change,
      user: 'admin',
      dryRun: false,
      evaluate: (world: World) => {
        if (this.#mutation.refusals !== 'ignored' && refusalOf(change, world) !== undefined)
          return { allowed: false, answer: false };
        const { denied } = judgeChange(world, change, RULES);
        const { key } = (change.after ?? change.before)!;
        const others = denied.flatMap(({ objects }) => objects.filter((each) => each.key !== key));
        const isAboutOthers = denied.every(({ objects }) => objects.length > 1);
        return {
          allowed: denied.length === 0,
          answer: denied.length === 0,
          ...(isAboutOthers && { restsOn: others }),
        };
      },
    };
    const answer = await new Promise<boolean | undefined>((resolve) => {
      this.alarm(WEBHOOK_MS, () => {
        controller.abort();
        resolve(undefined);
      });
      const decide = () => ledger.decide(request, WEBHOOK_MS, controller.signal);
      // The mutating webhook is called first.
      (this.#random() < 0.5 ? ledger.evaluate(request, controller.signal).then(decide) : decide()).then(
        resolve,
        () => resolve(undefined),
      );
    });
    this.#open.delete(open);
    this.#found();
    if (answer === false && !open.isFounded && open.epoch === this.#epoch)
      this.#unfounded.push(`denied without a reason: ${keyOf((change.after ?? change.before)!.json)}`);
    return answer;
  }

  /** Notes which of the open requests may be denied at this moment. */
  #found(): void {
    const entries = this.#ledger?.entries ?? [];
    const world = this.world();
    const isPending = entries.some((each) => !isResolved(each, world, this.everStored.has(each.uid ?? '')));
    for (const open of this.#open)
      open.isFounded ||=
        isPending ||
        refusalOf(open.change, world) !== undefined ||
        judgeChange(world, open.change, RULES).denied.length > 0;
  }

  /** An apiserver stores a change only onto the version that it read. */
  #store(change: Change, answered: number): boolean {
    const key = (change.after ?? change.before)!.key;
    const version = (resource: Resource | undefined) =>
      (resource?.json['metadata'] as JsonObject | undefined)?.['resourceVersion'];
    const stored = this.objects.get(key);
    if (change.before === undefined ? stored !== undefined : version(stored) !== version(change.before))
      return false;
    if (change.after === undefined) this.#delete(key);
    else this.#put(change.after);
    const commit = this.#commits.find(({ entry }) => isEntryOf(entry, change));
    this.#stored.push({ change, order: commit?.order ?? answered, since: commit?.since ?? this.now });
    this.answers.stored += 1;
    return true;
  }

  /** A controller deletes an object. */
  #clean(object: JsonObject): void {
    const before = this.objects.get(keyOf(object));
    if (before === undefined) return;
    this.#delete(before.key);
    this.#stored.push({ change: { before }, order: this.#nextOrder(), clean: true });
  }

  /** A user creates an object without a review. */
  #bypass(json: JsonObject): void {
    if (this.objects.has(keyOf(json))) return;
    const after = this.#fresh(json);
    this.#put(after);
    this.#stored.push({ change: { after }, order: this.#nextOrder(), bypassedAt: this.now });
  }

  #delete(key: string): void {
    this.objects.delete(key);
    this.#found();
    this.#emit({ version: Number(this.#next()), key, after: undefined });
  }

  /** The watches of the replicas show it some time later. */
  #emit(event: WatchEvent): void {
    for (const replica of this.#replicas) {
      replica.send(event);
      void this.#severalSteps(LATE).then(() => replica.receive(kindOf(event.key)));
    }
  }

  #fresh(json: JsonObject): Resource {
    return toResource({
      ...json,
      metadata: { ...(json['metadata'] as JsonObject), uid: `u${this.#nextOrder()}` },
    })!;
  }

  #put({ json }: Resource): void {
    const metadata = { ...(json['metadata'] as JsonObject), resourceVersion: this.#next() };
    const resource = toResource({ ...json, metadata })!;
    this.objects.set(resource.key, resource);
    const uid = uidOf(resource);
    this.everStored.add(uid);
    this.#found();
    this.#emit({ version: Number(metadata.resourceVersion), key: resource.key, after: resource });
  }

  #nextOrder(): number {
    this.#orders += 1;
    return this.#orders;
  }

  #next(): string {
    this.#counter += 1;
    return String(this.#counter);
  }
}

/** A replica of the webhook. After a crash it receives and gives no answers. */
class Replica {
  crashed = false;
  readonly ledger: ReplicatedLedger;
  readonly #simulation: Simulation;
  readonly #mutation: Mutation;
  readonly #caches = new Map<string, ObjectCache>(KINDS.map((kind) => [kind, new ObjectCache()]));
  readonly #now: () => number;
  readonly #isOld: boolean;
  /** The keys of the ConfigMaps that are in the world without the keys of a connection. */
  readonly #used = new Set<string>();
  /** Events that did not arrive yet. */
  readonly #sent: WatchEvent[] = [];
  readonly #handled = new Map<string, readonly WatchEvent[]>();
  /** The version of the last event, or of the list from which the watch began. */
  readonly #watched = new Map<string, number>();
  #failure: 'hang' | 'skip' | 'replay' | undefined;

  constructor(simulation: Simulation, mutation: Mutation, isOld = false) {
    const { access = (same: Access) => same, holdMs = HOLD_MS, appliedMs } = mutation;
    this.#simulation = simulation;
    this.#mutation = mutation;
    this.#isOld = isOld;
    // The clocks of two machines differ.
    const offset = Math.floor(simulation.now * 7919) % 1_000_000;
    this.#now = () => simulation.now + offset;
    for (const kind of KINDS) this.#relist(kind);
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
    let since = 0;
    let latest: { readonly state: LedgerState; readonly at: number } | undefined;
    const known = (state: LedgerState) => {
      latest = { state, at: this.#now() };
      return state;
    };
    const honest: Access = {
      store: {
        read: () =>
          remote(() => {
            since = simulation.now;
            const { progress, ...state } = simulation.readLedger();
            return isOld ? state : { ...state, progress };
          }).then(known),
        write: async ({ progress, ...content }, version) => {
          latest = undefined;
          const written = isOld ? content : { ...content, progress };
          const result = await remote(() => simulation.writeLedger(written, version, since));
          // The next round evaluates without a read.
          since = simulation.now;
          if (result.result === 'ok')
            known({ ...written, version: result.version, identity: result.identity, untouched: false });
          return result;
        },
        ...(isOld
          ? {}
          : {
              peek: () => remote(() => simulation.readLedger()).then(known),
              latest: () => (latest && this.#now() - latest.at < LATEST_MS ? latest.state : undefined),
            }),
      },
      reader: {
        consistent: () => this.#consistent(remote),
        use: (changes) => {
          if (mutation.uses === 'ignored') return;
          for (const { before, after } of changes) this.#used.add((after ?? before)?.key ?? '');
        },
        hasBeenStored: (key, uid) => this.#cacheOf(key)?.hasSeen(shortKey(key), uid) ?? false,
        ...(isOld ? {} : this.#cachedReader(step)),
        areCurrent: (objects) =>
          remote(() =>
            objects.every(({ key, resourceVersion }) => {
              const stored = simulation.objects.get(key);
              return stored !== undefined && toCached(stored).version === resourceVersion;
            }),
          ),
      },
    };
    this.ledger = new ReplicatedLedger({
      ...access(honest, simulation),
      holdMs,
      appliedMs,
      clock: {
        now: this.#now,
        sleep: (milliseconds) =>
          new Promise((resolve) =>
            simulation.alarm(milliseconds, () => {
              if (!this.crashed) resolve();
            }),
          ),
      },
    });
  }

  /** The next event of this replica fails. */
  fail(failure: 'hang' | 'skip' | 'replay'): void {
    this.#failure = failure;
  }

  /** The apiserver sends an event. */
  send(event: WatchEvent): void {
    this.#sent.push(event);
  }

  /** The next event of a kind arrives. */
  receive(kind: string): void {
    const index = this.#sent.findIndex(({ key }) => kindOf(key) === kind);
    const cache = this.#caches.get(kind);
    if (index < 0 || cache === undefined || this.#failure === 'hang') return;
    const [event] = this.#sent.splice(index, 1);
    const { version } = event!;
    if (version <= this.#watched.get(kind)!) return;
    this.#watched.set(kind, version);
    if (this.#failure === 'skip') {
      this.#failure = undefined;
      cache.advance(String(version));
      return;
    }
    this.#handle(cache, event!);
    const handled = this.#handled.get(kind) ?? [];
    this.#handled.set(kind, [...handled, event!]);
    if (this.#failure !== 'replay' || handled.length < 2) return;
    this.#failure = undefined;
    // As in a watch session: an older event ends it.
    if (this.#mutation.replays === 'accepted')
      for (const old of handled.slice(0, -1)) this.#handle(cache, old);
    else this.#relist(kind);
  }

  /** The watches broke and are started again. */
  reconnect(): void {
    this.#sent.length = 0;
    for (const cache of this.#caches.values()) if (this.#mutation.restores !== 'unnoticed') cache.distrust();
  }

  #handle(cache: ObjectCache, { version, key, after }: WatchEvent): void {
    if (after === undefined) cache.delete(shortKey(key), String(version));
    else cache.set(toCached(after));
    cache.advance(String(version));
  }

  #relist(kind: string): void {
    const { versions, objects } = this.#simulation.list(kind);
    const cache = this.#caches.get(kind)!;
    cache.replace(
      new Map(objects.map((each) => [cacheKey(toCached(each)), toCached(each)])),
      versions.version,
    );
    cache.prove(Number(versions.version), cache.startList(this.#now()));
    this.#watched.set(kind, Number(versions.version));
    this.#handled.delete(kind);
    if (this.#failure === 'hang') this.#failure = undefined;
  }

  async #consistent(remote: <T>(effect: () => T) => Promise<T>): Promise<World> {
    const starts = KINDS.map((kind) => this.#caches.get(kind)!.startList(this.#now()));
    const lists = await remote(() => KINDS.map((kind) => this.#simulation.list(kind).versions));
    KINDS.forEach((kind, index) => {
      const start = starts[index]!;
      const result = this.#caches
        .get(kind)!
        .compare(lists[index]!, this.#mutation.restores === 'unnoticed' ? { ...start, position: 0 } : start);
      if (result !== 'in step') this.#simulation.later(() => this.#relist(kind));
    });
    const cached = KINDS.map((kind) => new Map(this.#caches.get(kind)!.objects));
    // As in `findCorrections`: objects that differ are read one by one, after the lists.
    const differing = KINDS.flatMap((kind, index) => {
      const { objects } = lists[index]!;
      const keys = new Set([...objects.keys(), ...cached[index]!.keys()]);
      return [...keys]
        .filter((key) => objects.get(key)?.version !== cached[index]!.get(key)?.version)
        .map((key) => ({ index, key, name: `${kind}${key.startsWith('/') ? '' : '/'}${key}` }));
    });
    if (differing.length > 0)
      await remote(() => {
        for (const { index, key, name } of differing) {
          const current = this.#simulation.objects.get(name);
          if (current === undefined) cached[index]!.delete(key);
          else cached[index]!.set(key, toCached(current));
        }
      });
    return this.#worldOf(cached);
  }

  /** As in the live world: of a ConfigMap that is no connection only the name is known, and no world has it. */
  #worldOf(caches: readonly ReadonlyMap<string, CachedObject>[]): World {
    const objects = caches.flatMap((each) => Array.from(each.values(), ({ resource }) => resource));
    return this.#simulation.worldOf(
      objects.filter(
        ({ kind, key, json }) =>
          this.#isOld ||
          kind !== 'ConfigMap' ||
          own(own(json, 'data'), 'clusterId') !== undefined ||
          this.#used.has(key),
      ),
    );
  }

  #cachedReader(step: () => Promise<void>): Pick<WorldReader, 'cached' | 'reachedVersions' | 'distrust'> {
    return {
      cached: async (needs) => {
        for (let attempt = 0; ; attempt += 1) {
          const shown = needs.shown.filter(
            ({ key, resourceVersion }) =>
              this.#mutation.cache !== 'by position' ||
              !((this.#cacheOf(key)?.position ?? 0) >= Number(resourceVersion)),
          );
          const gap = cacheGap(
            this.#caches,
            { ...needs, shown },
            this.#now() - (this.#mutation.provenMs ?? PROVEN_MS),
          );
          if (gap === undefined)
            return this.#worldOf(Array.from(this.#caches.values(), ({ objects }) => objects));
          if (gap === 'unproven' || attempt === 3) return gap;
          await step();
        }
      },
      reachedVersions: () =>
        Object.fromEntries(KINDS.map((kind) => [kind, String(this.#caches.get(kind)!.position)])),
      distrust: () => {
        if (this.#mutation.restores !== 'unnoticed')
          for (const each of this.#caches.values()) each.distrust();
      },
    };
  }

  #cacheOf(key: string): ObjectCache | undefined {
    return this.#caches.get(kindOf(key));
  }
}

function toCached(resource: Resource): CachedObject {
  const { resourceVersion } = resource.json['metadata'] as Record<string, string>;
  return { version: resourceVersion!, resource, whole: true };
}

function kindOf(key: string): string {
  return key.split('/')[0]!;
}

/** The key of an object in its cache. */
function shortKey(key: string): string {
  const [, ...rest] = key.split('/');
  return rest.length === 1 ? `/${rest[0]}` : rest.join('/');
}

/** The change onto the object that a world has. */
function realChange(world: World, { before, after }: Change): Change {
  const stored = world.getByKey((after ?? before)!.key);
  return { ...(stored && { before: stored }), ...(after && { after }) };
}

function isEntryOf(entry: LedgerEntry, { before, after }: Change): boolean {
  const { uid, resourceVersion } = ((before ?? after)!.json['metadata'] ?? {}) as Record<string, string>;
  return (
    entry.key === (after ?? before)!.key &&
    entry.uid === uid &&
    (before === undefined || entry.resourceVersion === resourceVersion) &&
    exactText(entry.object ?? null) === exactText(after === undefined ? null : ledgerView(after))
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
