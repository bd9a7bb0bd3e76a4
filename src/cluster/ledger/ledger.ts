import { randomUUID } from 'node:crypto';
import type { Ledger, LedgerRequest } from '../../admission/ledger.ts';
import { WorldUnreadable } from '../../admission/world-source.ts';
import { reasonOf } from '../api.ts';
import { type RoundResult, round } from './round.ts';
import { Sightings } from './sightings.ts';
import type { Clock, LedgerState, LedgerStore, WorldReader } from './types.ts';

export interface LedgerOptions {
  readonly store: LedgerStore;
  readonly reader: WorldReader;
  readonly clock?: Clock | undefined;
  /**
   * How long an apiserver may take to store what was allowed, in milliseconds: well above its
   * `--request-timeout`, which is one minute unless set.
   */
  readonly holdMs?: number | undefined;
  /** Told of each round and each decision, for the metrics. */
  readonly observe?: ((event: LedgerEvent) => void) | undefined;
  readonly newId?: (() => string) | undefined;
}

export type LedgerEvent =
  | { readonly kind: 'committed' | 'read'; readonly questions: number; readonly entries: number }
  | { readonly kind: 'conflict' | 'turn' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'decided'; readonly outcome: LedgerOutcome; readonly seconds: number };

/** What came of one question: `unverified` where it could not be known in time, `failed` where judging it did. */
export type LedgerOutcome = 'allowed' | 'denied' | 'unverified' | 'failed';

/** Three times the apiserver's default request timeout. */
export const DEFAULT_HOLD_MS = 180_000;

/** Judged and committed together: more would keep the first of them waiting. */
const BATCH = 16;
/** Longest a change is held back in the hope that a pending one is stored, so that the answer can name what is there. */
const OPEN_MS = 1000;
const PAUSE_MS = 25;
/** After trouble with ledger or world. */
const RETRY_MS = 100;
/** So many times another was quicker, then one asks for a turn. */
const PATIENT = 2;
/** A turn that is not taken by then, by a replica that has died, is over. */
const TURN_MS = 1000;

interface Waiting {
  readonly question: LedgerRequest<unknown>;
  readonly since: number;
  readonly until: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal;
  readonly settled: AbortController;
  /** Why there is no answer yet. */
  reason: string | undefined;
}

/**
 * Sees to it that of two conflicting changes admitted at the same moment, by whichever replicas, at
 * most one is allowed. See docs/decisions/0003-ledger.md.
 */
export class ReplicatedLedger implements Ledger {
  readonly #options: Pick<LedgerOptions, 'store' | 'reader'> & {
    readonly clock: Clock;
    readonly newId: () => string;
  };
  readonly #observe: (event: LedgerEvent) => void;
  readonly #holdMs: number;
  readonly #sightings: Sightings;
  #queue: Waiting[] = [];
  #running = false;
  #batch = BATCH;
  #known: string | undefined;
  #conflicts = 0;
  /** The turn this replica asked for and has not had yet. */
  #turn: string | undefined;
  /** The turn another one asked for, and when that was first seen. */
  #other = { turn: '', since: 0 };
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LedgerOptions) {
    const { store, reader, clock = REAL_CLOCK, newId = randomUUID } = options;
    this.#options = { store, reader, clock, newId };
    this.#observe = options.observe ?? (() => undefined);
    this.#holdMs = options.holdMs ?? DEFAULT_HOLD_MS;
    this.#sightings = new Sightings(this.#holdMs);
  }

  /**
   * Decides on a change: gives what `judge` said of it, once what was allowed is in the ledger. Rejects
   * with {@link WorldUnreadable} where that cannot be known within `timeoutMs`, or when the signal fires.
   */
  decide<T>(question: LedgerRequest<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const since = this.#options.clock.now();
      const waiting: Waiting = {
        question,
        since,
        until: since + timeoutMs,
        resolve: resolve as (answer: unknown) => void,
        reject,
        signal,
        settled: new AbortController(),
        reason: undefined,
      };
      const expire = () => this.#expire(waiting);
      if (signal.aborted) return expire();
      signal.addEventListener('abort', expire, { once: true });
      waiting.settled.signal.addEventListener('abort', () => signal.removeEventListener('abort', expire));
      this.#queue.push(waiting);
      void this.#run();
    });
  }

  /**
   * Makes the ledger if there is none, and from now on looks after it: removes what is settled, and
   * notices when it is lost. Failures are told to `observe`.
   */
  async start(): Promise<void> {
    await this.#tend();
  }

  /** Stops looking after the ledger. What waits is still answered. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** One visit to the ledger with nothing to decide. */
  async tend(): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const result = await this.#round([], AbortSignal.timeout(10_000));
      if (result.kind === 'done') return;
    }
  }

  async #tend(): Promise<void> {
    if (!this.#running && this.#queue.length === 0)
      await this.tend().catch((error: unknown) => this.#observe({ kind: 'failed', reason: reasonOf(error) }));
    if (this.#closed) return;
    // Replicas that started together do not come together for ever.
    const pause = (this.#holdMs / 6) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.#tend(), pause).unref();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue.splice(0, this.#batch).filter(({ settled }) => !settled.signal.aborted);
        if (batch.length > 0) await this.#decideAll(batch);
      }
    } finally {
      this.#running = false;
    }
  }

  async #decideAll(batch: readonly Waiting[]): Promise<void> {
    const { clock } = this.#options;
    let result: RoundResult<unknown>;
    try {
      const questions = batch.map(({ question }) => question);
      result = await whileAwaited(batch, (signal) => this.#round(questions, signal));
    } catch (error) {
      const reason = reasonOf(error).replace(/^cannot verify: /, '');
      this.#observe({ kind: 'failed', reason });
      this.#again(batch, reason);
      return await clock.sleep(RETRY_MS);
    }
    if (result.kind !== 'done') {
      const turn = result.kind === 'turn';
      this.#again(
        batch,
        turn ? 'it was the turn of other replicas' : 'other replicas were quicker each time',
      );
      if (turn) await clock.sleep(PAUSE_MS);
      return;
    }
    const open: Waiting[] = [];
    const postponed: Waiting[] = [];
    for (const [index, waiting] of batch.entries()) {
      const verdict = result.verdicts[index];
      switch (verdict?.kind) {
        case 'allowed':
        case 'denied':
          this.#end(waiting, verdict.kind, () => waiting.resolve(verdict.answer));
          break;
        case 'open':
          if (clock.now() - waiting.since < patience(waiting)) open.push(waiting);
          else this.#end(waiting, 'denied', () => waiting.resolve(underWay(waiting, verdict.answer)));
          break;
        case 'postponed':
          postponed.push(waiting);
          break;
        case 'refused':
          if (verdict.final) this.#cannotVerify(waiting, verdict.reason);
          else open.push(Object.assign(waiting, { reason: verdict.reason }));
          break;
        case 'failed':
          this.#end(waiting, 'failed', () => waiting.reject(verdict.error));
      }
    }
    const full = result.verdicts.some((each) => each.kind === 'refused' && !each.final);
    this.#batch = full ? 1 : Math.min(BATCH, this.#batch * 2);
    this.#queue.unshift(...postponed);
    // At the end, so that nobody waits behind what cannot be decided yet.
    this.#queue.push(...open);
    if (open.length > 0) await clock.sleep(PAUSE_MS);
  }

  async #round(
    questions: readonly LedgerRequest<unknown>[],
    signal: AbortSignal,
  ): Promise<RoundResult<unknown>> {
    if (this.#conflicts >= PATIENT) await this.#askForTurn(signal);
    const result = await round(
      questions,
      {
        ...this.#options,
        sightings: this.#sightings,
        isLost: (state) => this.#isLost(state),
        givesWay: (turn) => this.#givesWay(turn),
      },
      signal,
    );
    if (result.kind !== 'done') {
      if (result.kind === 'conflict') this.#conflicts += 1;
      this.#observe({ kind: result.kind });
      return result;
    }
    this.#conflicts = 0;
    this.#turn = undefined;
    const { state, written, entries } = result;
    if (!state.untouched || written !== undefined) this.#known = state.identity;
    this.#observe({
      kind: written === undefined ? 'read' : 'committed',
      questions: questions.length,
      entries,
    });
    return result;
  }

  /**
   * The quickest replica would starve the others: a round of theirs never ends before its next write. So
   * one that was too late time and again asks for a turn, which takes no more than reading and writing.
   */
  async #askForTurn(signal: AbortSignal): Promise<void> {
    const { store, newId } = this.#options;
    const state = await store.read(signal);
    if (state.entries === undefined || this.#isLost(state)) return;
    if (state.turn !== undefined && this.#givesWay(state.turn)) return;
    const turn = newId();
    const { result } = await store.write(state.entries, state.version, signal, turn);
    if (result === 'ok') this.#turn = turn;
  }

  #givesWay(turn: string): boolean {
    if (turn === this.#turn) return false;
    const now = this.#options.clock.now();
    if (this.#other.turn !== turn) this.#other = { turn, since: now };
    return now - this.#other.since < TURN_MS;
  }

  #isLost({ identity, untouched, entries }: LedgerState): boolean {
    if (this.#known === undefined || (identity === this.#known && !untouched)) return false;
    return entries?.every(({ operation }) => operation !== 'unknown') ?? true;
  }

  #again(batch: readonly Waiting[], reason: string): void {
    for (const waiting of batch) waiting.reason = reason;
    this.#queue.unshift(...batch);
  }

  #expire(waiting: Waiting): void {
    this.#cannotVerify(waiting, waiting.reason ?? 'ledger and world could not be read in time');
  }

  #cannotVerify(waiting: Waiting, reason: string): void {
    this.#end(waiting, 'unverified', () => waiting.reject(new WorldUnreadable(reason)));
  }

  /** Gives a question its one answer; what comes later is not heard. */
  #end(waiting: Waiting, outcome: LedgerOutcome, answer: () => void): void {
    if (waiting.settled.signal.aborted) return;
    waiting.settled.abort();
    const seconds = (this.#options.clock.now() - waiting.since) / 1000;
    this.#observe({ kind: 'decided', outcome, seconds });
    answer();
  }
}

function underWay({ question }: Waiting, answer: unknown): unknown {
  return question.underWay === undefined ? answer : question.underWay(answer);
}

function patience({ since, until }: Waiting): number {
  return Math.min(OPEN_MS, (until - since) / 2);
}

/** Runs something with a signal that fires when nobody waits for any of them any more. */
async function whileAwaited<T>(
  batch: readonly Waiting[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let left = batch.length;
  const oneLess = () => {
    left -= 1;
    if (left === 0) controller.abort();
  };
  for (const { settled } of batch) settled.signal.addEventListener('abort', oneLess, { once: true });
  try {
    return await run(controller.signal);
  } finally {
    // What is held back comes here many times.
    for (const { settled } of batch) settled.signal.removeEventListener('abort', oneLess);
  }
}

const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
