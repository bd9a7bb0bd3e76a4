import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Evaluation, Ledger, LedgerRequest } from '../../admission/ledger.ts';
import { WorldUnreadable } from '../../admission/world-source.ts';
import { reasonOf } from '../api.ts';
import { FirstSeen } from './first-seen.ts';
import { entryHoldMs, isResolved, type LedgerEntry } from './entry.ts';
import type { World } from '../../core/world.ts';
import { possibleWorlds } from './possible-worlds.ts';
import { readWorld, type RoundOptions, type RoundResult, runRound, type WorldOrigin } from './round.ts';
import { SharedRead } from '../shared-read.ts';
import { versionNumber } from '../resource-version.ts';
import type { LedgerClock, LedgerState, LedgerStore, WorldReader } from './types.ts';

export interface LedgerOptions {
  readonly store: LedgerStore;
  readonly reader: WorldReader;
  readonly clock?: LedgerClock | undefined;
  /**
   * How long an apiserver may take to store an admitted deletion, in milliseconds; see `entryHoldMs` for other changes.
   * Must be well above its `--request-timeout`, by default one minute:
   * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/.
   */
  readonly holdMs?: number | undefined;
  /** How long a removed change is named in the ledger, in milliseconds. */
  readonly appliedMs?: number | undefined;
  /** Receives each round and each decision, for the metrics. */
  readonly observe?: ((event: LedgerEvent) => void) | undefined;
  readonly newId?: (() => string) | undefined;
  /** True if a missing ledger was not lost, because nothing was admitted yet; default: it was lost. */
  readonly isNew?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
}

export type LedgerEvent =
  | { readonly kind: 'committed' | 'read'; readonly requests: number; readonly entries: number }
  | { readonly kind: 'conflict' | 'yielded' }
  | { readonly kind: 'world'; readonly source: WorldOrigin }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'decided'; readonly outcome: LedgerOutcome; readonly seconds: number };

/** `unverified`: no decision in time. `failed`: the evaluation failed. */
export type LedgerOutcome = 'allowed' | 'denied' | 'unverified' | 'failed';

/** Three times the default request timeout of an apiserver. */
export const DEFAULT_HOLD_MS = 180_000;

/** Requests in one round; more would delay the first of them. */
const BATCH = 16;
/** How long a request waits for a pending change to be stored, so that the denial can name the object. */
const UNDECIDED_MS = 1000;
const PAUSE_MS = 25;
/** The pause after a failed round. */
const RETRY_MS = 100;
/**
 * After a conflict other replicas write as well, so rounds read for this time. With three replicas and 8 conflicting pairs at
 * once a sixth fewer conflicts (bench/race).
 */
const CONTENDED_MS = 1000;
/** After so many conflicts in a row a replica requests the lock. */
const CONFLICTS_BEFORE_LOCK = 2;
/** A lock request expires after this time: its replica may have stopped. */
const LOCK_MS = 1000;

/** Twice the time within which a replica lists; then it has all older changes. */
const APPLIED_MS = 10_000;
/** The mutating webhook waits no longer for the ledger; it can list as well. */
const PEEK_MS = 250;

/** A request that waits for its decision. */
interface WaitingRequest {
  readonly request: LedgerRequest<unknown>;
  readonly since: number;
  readonly until: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal;
  /** Aborted after the answer. */
  readonly answered: AbortController;
  /** Why there is no decision yet. */
  reason: string | undefined;
  /** True if the user or the namespace has too many pending changes. */
  crowded: boolean;
  /** True if a list must confirm the result. */
  unconfirmed: boolean;
  /** Not evaluated before this time. */
  notBefore: number;
}

/**
 * Admits at most one of two conflicting changes, also if they arrive at the same moment at two replicas.
 * See docs/decisions/0003-ledger.md.
 */
export class ReplicatedLedger implements Ledger {
  readonly #options: Pick<LedgerOptions, 'store' | 'reader'> & {
    readonly clock: LedgerClock;
    readonly newId: () => string;
  };
  readonly #observe: (event: LedgerEvent) => void;
  readonly #holdMs: number;
  readonly #isNew: (signal: AbortSignal) => Promise<boolean>;
  readonly #firstSeen: FirstSeen<LedgerEntry>;
  readonly #appliedSeen: RoundOptions['appliedSeen'];
  readonly #peeks: SharedRead<LedgerState | undefined>;
  /** When a round last met a write or a lock request of another replica. */
  #conflictAt = Number.NEGATIVE_INFINITY;
  /** The latest version of the ledger. */
  #version = 0;
  #queue: WaitingRequest[] = [];
  #running = false;
  /** Ends the pause of {@link #run}. */
  #wake = () => {};
  #batch = BATCH;
  #identity: string | undefined;
  #conflicts = 0;
  /** The lock request of this replica that was not granted yet. */
  #lockRequest: string | undefined;
  /** The lock request of another replica, and when it was first seen. */
  #otherLock = { id: '', since: 0 };
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LedgerOptions) {
    const { store, reader, clock = REAL_CLOCK, newId = randomUUID } = options;
    const read = (signal: AbortSignal) => this.#tracked(() => store.read(signal));
    this.#options = { store: { ...bound(store), read }, reader, clock, newId };
    this.#observe = options.observe ?? (() => undefined);
    this.#isNew = options.isNew ?? (async () => false);
    this.#holdMs = options.holdMs ?? DEFAULT_HOLD_MS;
    this.#firstSeen = new FirstSeen((entry) => entryHoldMs(entry, this.#holdMs));
    this.#appliedSeen = new FirstSeen(() => options.appliedMs ?? APPLIED_MS);
    this.#peeks = new SharedRead(
      async () => store.peek && (await this.#tracked(() => store.peek!(AbortSignal.timeout(PEEK_MS)))),
    );
  }

  async evaluate<T>(request: Evaluation<T>, signal: AbortSignal): Promise<T> {
    const { reader } = this.#options;
    const state = await this.#peeks.get().catch(() => undefined);
    if (state !== undefined && reader.cached !== undefined) {
      const { change } = request;
      const source = (from: WorldOrigin) => this.#observe({ kind: 'world', source: from });
      const { world, isCached } = await readWorld(
        state,
        [change],
        { reader, confirms: false, source },
        signal,
      );
      if (!isCached) return request.evaluate(world).answer;
      const pending = (state.entries ?? []).filter((each) => !isResolved(each, world, false));
      const answer = plainAnswer(request, world, pending);
      if (answer !== undefined) return answer.answer;
      source('confirm');
    }
    return request.evaluate(await reader.consistent(signal)).answer;
  }

  decide<T>(request: LedgerRequest<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const since = this.#options.clock.now();
      const waiting: WaitingRequest = {
        request,
        since,
        until: since + timeoutMs,
        resolve: resolve as (answer: unknown) => void,
        reject,
        signal,
        answered: new AbortController(),
        reason: undefined,
        crowded: false,
        unconfirmed: false,
        notBefore: since,
      };
      const expire = () => this.#expire(waiting);
      if (signal.aborted) return expire();
      signal.addEventListener('abort', expire, { once: true });
      waiting.answered.signal.addEventListener('abort', () => signal.removeEventListener('abort', expire));
      this.#queue.push(waiting);
      this.#wake();
      void this.#run();
    });
  }

  /**
   * Creates the ledger if it does not exist. From then on removes resolved entries and detects that the
   * ledger was lost. Failures are reported to `observe`.
   */
  async start(): Promise<void> {
    await this.#maintain();
  }

  /** Stops the maintenance. Waiting requests are still answered. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** One round without requests. */
  async maintain(): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const result = await this.#round([], true, AbortSignal.timeout(10_000));
      if (result.kind === 'done') return;
    }
  }

  async #maintain(): Promise<void> {
    if (!this.#running && this.#queue.length === 0)
      await this.maintain().catch((error: unknown) =>
        this.#observe({ kind: 'failed', reason: reasonOf(error) }),
      );
    if (this.#closed) return;
    // The jitter separates replicas that started at the same time.
    const pause = (this.#holdMs / 6) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.#maintain(), pause).unref();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#queue.length > 0) {
        // Requests that arrived at the same time join: with ten at once, a fifth fewer writes (bench/apiserver.mjs).
        await nextTurn();
        this.#queue = this.#queue.filter(({ answered }) => !answered.signal.aborted);
        const batch = this.#takeBatch();
        if (batch.length > 0) await this.#decideAll(batch);
        else if (this.#queue.length > 0) await this.#pause();
      }
    } finally {
      this.#running = false;
    }
  }

  /** The next requests that need not wait; those that wait for room in their share come after all others. */
  #takeBatch(): WaitingRequest[] {
    if (this.#queue.some(({ crowded }) => crowded))
      this.#queue.sort((a, b) => Number(a.crowded) - Number(b.crowded));
    const now = this.#options.clock.now();
    const batch = this.#queue.filter(({ notBefore }) => notBefore <= now).slice(0, this.#batch);
    this.#queue = this.#queue.filter((each) => !batch.includes(each));
    return batch;
  }

  /** Waits until a request of the queue is evaluated again, or another one comes. */
  async #pause(): Promise<void> {
    const { clock } = this.#options;
    const next = Math.min(...this.#queue.map(({ notBefore }) => notBefore)) - clock.now();
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await Promise.race([clock.sleep(Math.max(1, next)), woken]);
  }

  async #decideAll(batch: readonly WaitingRequest[]): Promise<void> {
    const { clock } = this.#options;
    let result: RoundResult<unknown>;
    try {
      const requests = batch.map(({ request }) => request);
      const confirms = batch.some(({ unconfirmed }) => unconfirmed);
      result = await whileAwaited(batch, (signal) => this.#round(requests, confirms, signal));
    } catch (error) {
      const reason = reasonOf(error).replace(/^cannot verify: /, '');
      this.#observe({ kind: 'failed', reason });
      this.#retry(batch, reason);
      return await clock.sleep(RETRY_MS);
    }
    if (result.kind !== 'done') {
      const yielded = result.kind === 'yielded';
      this.#retry(
        batch,
        yielded ? 'another replica locked the ledger' : 'other replicas changed the ledger in each attempt',
      );
      if (yielded) await clock.sleep(PAUSE_MS);
      return;
    }
    const undecided: WaitingRequest[] = [];
    const postponed: WaitingRequest[] = [];
    for (const [index, waiting] of batch.entries()) {
      const decision = result.decisions[index];
      switch (decision?.kind) {
        case 'allowed':
        case 'denied':
          this.#answer(waiting, decision.kind, () => waiting.resolve(decision.answer));
          break;
        case 'undecided':
          if (clock.now() - waiting.since < undecidedMs(waiting)) undecided.push(waiting);
          else if (decision.isCached === true) postponed.push(Object.assign(waiting, { unconfirmed: true }));
          else {
            const { answer, seconds } = decision;
            this.#answer(waiting, 'denied', () => waiting.resolve(noted(waiting, answer, seconds)));
          }
          break;
        case 'crowded':
          undecided.push(Object.assign(waiting, { reason: decision.reason, crowded: true }));
          break;
        case 'unconfirmed':
          postponed.push(Object.assign(waiting, { unconfirmed: true }));
          break;
        case 'postponed':
          postponed.push(waiting);
          break;
        case 'unverified':
          if (decision.final) this.#cannotVerify(waiting, decision.reason);
          else undecided.push(Object.assign(waiting, { reason: decision.reason }));
          break;
        case 'failed':
          this.#answer(waiting, 'failed', () => waiting.reject(decision.error));
      }
    }
    const full = result.decisions.some((each) => each.kind === 'unverified' && !each.final);
    this.#batch = full ? 1 : Math.min(BATCH, this.#batch * 2);
    this.#queue.unshift(...postponed);
    // Other requests do not wait for them.
    for (const each of undecided) each.notBefore = clock.now() + PAUSE_MS;
    this.#queue.push(...undecided);
  }

  async #round(
    requests: readonly LedgerRequest<unknown>[],
    confirms: boolean,
    signal: AbortSignal,
  ): Promise<RoundResult<unknown>> {
    if (this.#conflicts >= CONFLICTS_BEFORE_LOCK) await this.#requestLock(signal);
    const latest = confirms ? undefined : this.#latest(requests);
    const result = await runRound(
      requests,
      {
        ...this.#options,
        firstSeen: this.#firstSeen,
        appliedSeen: this.#appliedSeen,
        confirms,
        latest,
        source: (source) => this.#observe({ kind: 'world', source }),
        isNew: async (signal) => this.#identity === undefined && (await this.#isNew(signal)),
        isLost: (state) => this.#isLost(state),
        yieldsTo: (lockRequest) => this.#yieldsTo(lockRequest),
      },
      signal,
    );
    if (result.kind !== 'done') {
      if (result.kind === 'conflict' && latest === undefined) this.#conflicts += 1;
      this.#conflictAt = this.#options.clock.now();
      this.#observe({ kind: result.kind });
      return result;
    }
    this.#conflicts = 0;
    this.#lockRequest = undefined;
    const { state, written, entries } = result;
    if (!state.untouched || written !== undefined) this.#identity = state.identity;
    this.#observe({
      kind: written === undefined ? 'read' : 'committed',
      requests: requests.length,
      entries,
    });
    return result;
  }

  /**
   * The fastest replica would starve the others: their rounds take longer than the time between two of its
   * writes. After repeated conflicts a replica writes a lock request, which takes only a read and a write.
   */
  async #requestLock(signal: AbortSignal): Promise<void> {
    const { store, newId } = this.#options;
    const state = await store.read(signal);
    if (state.entries === undefined || this.#isLost(state)) return;
    if (state.lockRequest !== undefined && this.#yieldsTo(state.lockRequest)) return;
    const lockRequest = newId();
    const { result } = await store.write(
      { entries: state.entries, progress: state.progress, lockRequest },
      state.version,
      signal,
    );
    if (result === 'ok') this.#lockRequest = lockRequest;
  }

  #yieldsTo(lockRequest: string): boolean {
    if (lockRequest === this.#lockRequest) return false;
    const now = this.#options.clock.now();
    if (this.#otherLock.id !== lockRequest) this.#otherLock = { id: lockRequest, since: now };
    return now - this.#otherLock.since < LOCK_MS;
  }

  /**
   * The ledger without a read, for changes that are stored: an admission is written to it, and that fails if it has
   * changed.
   */
  #latest(requests: readonly LedgerRequest<unknown>[]): LedgerState | undefined {
    if (requests.length === 0 || requests.some(({ dryRun }) => dryRun)) return undefined;
    if (this.#options.clock.now() - this.#conflictAt < CONTENDED_MS) return undefined;
    const latest = this.#options.store.latest?.();
    return latest?.entries === undefined || this.#isLost(latest) ? undefined : latest;
  }

  /** A ledger that is older than one that was known before the read is that of a restored etcd. */
  async #tracked(read: () => Promise<LedgerState>): Promise<LedgerState> {
    const known = this.#version;
    const state = await read();
    const number = versionNumber(state.version);
    if (number < known) {
      this.#options.reader.distrust?.();
      this.#version = number;
    } else if (number > this.#version) this.#version = number;
    return state;
  }

  #isLost({ identity, untouched, entries }: LedgerState): boolean {
    if (this.#identity === undefined || (identity === this.#identity && !untouched)) return false;
    return entries?.every(({ operation }) => operation !== 'unknown') ?? true;
  }

  #retry(batch: readonly WaitingRequest[], reason: string): void {
    for (const waiting of batch) waiting.reason = reason;
    this.#queue.unshift(...batch);
  }

  #expire(waiting: WaitingRequest): void {
    this.#cannotVerify(waiting, waiting.reason ?? 'the ledger and the world could not be read in time');
  }

  #cannotVerify(waiting: WaitingRequest, reason: string): void {
    this.#answer(waiting, 'unverified', () => waiting.reject(new WorldUnreadable(reason)));
  }

  /** Answers a request once; later calls are ignored. */
  #answer(waiting: WaitingRequest, outcome: LedgerOutcome, answer: () => void): void {
    if (waiting.answered.signal.aborted) return;
    waiting.answered.abort(ANSWERED);
    const seconds = (this.#options.clock.now() - waiting.since) / 1000;
    this.#observe({ kind: 'decided', outcome, seconds });
    answer();
  }
}

/** The answer that is the same with all pending changes and with none, and has no warning. */
function plainAnswer<T>(
  { change, evaluate }: Evaluation<T>,
  world: World,
  pending: readonly LedgerEntry[],
): { readonly answer: T } | undefined {
  if (pending.some(({ operation }) => operation === 'unknown')) return undefined;
  const answers: T[] = [];
  for (const possible of possibleWorlds(world, pending, (change.after ?? change.before)?.key ?? '')) {
    const { answer, warned } = evaluate(possible);
    if (warned === true) return undefined;
    answers.push(answer);
    // The first two worlds are those with all and with none.
    if (answers.length === 2) break;
  }
  const [first, ...others] = answers;
  const isSame = others.every((each) => JSON.stringify(each) === JSON.stringify(first));
  return isSame && answers.length > 0 ? { answer: first! } : undefined;
}

/** The methods of a store, which may be an object of a class. */
function bound(store: LedgerStore): LedgerStore {
  return {
    read: (signal) => store.read(signal),
    write: (content, version, signal) => store.write(content, version, signal),
    ...(store.latest && { latest: () => store.latest!() }),
  };
}

function noted({ request }: WaitingRequest, denial: unknown, seconds: number): unknown {
  return request.noteUndecided === undefined ? denial : request.noteUndecided(denial, seconds);
}

function undecidedMs({ since, until }: WaitingRequest): number {
  return Math.min(UNDECIDED_MS, (until - since) / 2);
}

/** Why a signal is aborted. A new one with its stack for each request takes 0.05 ms. */
const ANSWERED = new DOMException('the request is answered', 'AbortError');

/** Runs a function with a signal that aborts when all requests are answered. */
async function whileAwaited<T>(
  batch: readonly WaitingRequest[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let left = batch.length;
  const oneLess = () => {
    left -= 1;
    if (left === 0) controller.abort(ANSWERED);
  };
  for (const { answered } of batch) answered.signal.addEventListener('abort', oneLess, { once: true });
  try {
    return await run(controller.signal);
  } finally {
    // An undecided request comes here many times.
    for (const { answered } of batch) answered.signal.removeEventListener('abort', oneLess);
  }
}

const REAL_CLOCK: LedgerClock = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
