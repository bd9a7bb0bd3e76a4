/**
 * One round of the ledger: read the ledger, then the world, evaluate, write. The order makes it safe;
 * docs/decisions/0003-ledger.md has the proof.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { changesLedgerView } from '../../admission/ledger-view.ts';
import type { LedgerRequest } from '../../admission/ledger.ts';
import { asString, at } from '../../core/base/json.ts';
import type { Change, Resource } from '../../core/base/model.ts';
import type { World } from '../../core/world.ts';
import { changeOfEntry, isResolved, type LedgerEntry, ledgerEntryOf } from './entry.ts';
import type { FirstSeen } from './first-seen.ts';
import { possibleWorlds } from './possible-worlds.ts';
import { advanceProgress, appliedVersionOf, cacheNeeds } from './progress.ts';
import { exceededShare, reasonTooLarge } from './shares.ts';
import {
  type AppliedVersion,
  type CacheGap,
  EMPTY_LEDGER,
  type LedgerClock,
  type LedgerState,
  type LedgerStore,
  type WorldReader,
} from './types.ts';

/** The result of one request in a round. */
export type LedgerDecision<T> =
  | { readonly kind: 'allowed'; readonly answer: T }
  /** `restsOn`: the other objects that the denial rests on; undefined if it may rest on what does not exist. */
  | { readonly kind: 'denied'; readonly answer: T; readonly restsOn?: readonly AppliedVersion[] | undefined }
  /**
   * Depends on whether a pending change is stored, for some seconds at most; `answer` is the denial. `isCached`: a list
   * must confirm it before it is given.
   */
  | {
      readonly kind: 'undecided';
      readonly answer: T;
      readonly seconds: number;
      readonly isCached?: boolean | undefined;
    }
  /** Evaluated in the cache of the watches: a list must confirm the result. */
  | { readonly kind: 'unconfirmed' }
  /** Not evaluated: the requests before it took too long. */
  | { readonly kind: 'postponed' }
  /** Not evaluated: the user or the namespace has too many pending changes; tried again in a later round. */
  | { readonly kind: 'crowded'; readonly reason: string }
  /** Cannot be decided in the present state of the ledger; `final`: nor in a later round. */
  | { readonly kind: 'unverified'; readonly reason: string; readonly final: boolean }
  /** The evaluation failed. The other requests of the round are not affected. */
  | { readonly kind: 'failed'; readonly error: Error };

export interface RoundOptions {
  readonly store: LedgerStore;
  readonly reader: WorldReader;
  readonly clock: LedgerClock;
  readonly firstSeen: FirstSeen<LedgerEntry>;
  /** When this process first saw each removed change. */
  readonly appliedSeen: FirstSeen<{ readonly id: string }>;
  /** True if the world must be listed: a result of the cache is to be confirmed. */
  readonly confirms: boolean;
  /** The ledger as it was last known, in place of a read. The write fails if it has changed. */
  readonly latest?: LedgerState | undefined;
  /** Receives the source of the world. */
  readonly source: (source: WorldOrigin) => void;
  readonly newId: () => string;
  /** True if the ledger that this process knows was replaced by another one. */
  readonly isLost: (state: LedgerState) => boolean;
  /** True if a missing ledger was not lost: there was none. */
  readonly isNew: (signal: AbortSignal) => Promise<boolean>;
  /** True if this replica must pause for the lock request of another one. */
  readonly yieldsTo: (lockRequest: string) => boolean;
}

/**
 * Where the world of a round comes from: the cache of the watches, or a list, for the reason given. `confirm`: see
 * {@link RoundOptions.confirms}. `unrecorded`: the ledger does not say which changes were removed from it.
 */
export type WorldOrigin = 'watch' | CacheGap | 'confirm' | 'unrecorded';

/** The result of a round. After `conflict` or `yielded` nothing was decided; start again. */
export type RoundResult<T> =
  | { readonly kind: 'conflict' | 'yielded' }
  | {
      readonly kind: 'done';
      readonly decisions: readonly LedgerDecision<T>[];
      readonly state: LedgerState;
      /** The version that this round wrote; undefined if it wrote nothing. */
      readonly written: string | undefined;
      /** The number of entries in the ledger after the round. */
      readonly entries: number;
    };

/** The evaluations of a round block the event loop for this time at most; the rest is postponed. */
const EVALUATE_MS = 250;
/** One request is evaluated for this time at most, in all possible worlds together. */
const REQUEST_MS = 1000;
/** After this time without a pause the evaluation lets other work of the process run. */
const YIELD_MS = 50;

const FULL = 'the ledger of pending changes is full; retry in a moment';
const LATE = 'the evaluation takes too long while so many changes are pending; retry in a moment';
const LOST = 'the ledger of pending changes was lost, and a dry run does not create it again';

/**
 * Decides on several requests, one after another, and records all allowed changes in one write. Rejects if
 * the ledger or the world cannot be read, or if the result of the write is unknown.
 */
export async function runRound<T>(
  requests: readonly LedgerRequest<T>[],
  options: RoundOptions,
  signal: AbortSignal,
): Promise<RoundResult<T>> {
  const { store, reader, clock, firstSeen } = options;
  const state = options.latest ?? (await store.read(signal));
  const entries = state.entries ?? [];
  firstSeen.record(entries, clock.now());
  options.appliedSeen.record(
    (state.progress?.applied ?? []).map((each) => ({ id: idOf(each) })),
    clock.now(),
  );
  // Dry runs write nothing. Rounds without requests do: they remove resolved entries.
  const writes = requests.length === 0 || requests.some(({ dryRun }) => !dryRun);
  if (state.entries === undefined || options.isLost(state)) {
    if (writes) return await createLedger(state, options, signal);
    return {
      kind: 'done',
      decisions: unverified(requests, LOST, true),
      state,
      written: undefined,
      entries: 0,
    };
  }

  if (requests.length === 0 && entries.length === 0)
    return { kind: 'done', decisions: [], state, written: undefined, entries: 0 };

  if (state.lockRequest !== undefined && options.yieldsTo(state.lockRequest)) return { kind: 'yielded' };

  // Not before the ledger is read: a change that was removed from it must be in the world.
  // Before the world is read: what is seen later may not be in the world.
  const stored = new Set(entries.filter((each) => wasStored(each, reader)));
  const changes = requests.map(({ change }) => change);
  const { world, isCached } = await readWorld(state, changes, options, signal);
  const now = clock.now();
  const resolved = entries.filter((each) => isResolved(each, world, stored.has(each)));
  const pending = entries.filter((each) => firstSeen.remainingMs(each, now) > 0 && !resolved.includes(each));
  const unknown = pending.filter(({ operation }) => operation === 'unknown');
  if (unknown.length > 0) {
    const seconds = Math.ceil(Math.max(...unknown.map((each) => firstSeen.remainingMs(each, now))) / 1000);
    const reason = `the ledger of pending changes was lost and created again; the changes that were in it expire in ${seconds} s`;
    const decisions = unverified(requests, reason, true);
    return { kind: 'done', decisions, state, written: undefined, entries: entries.length };
  }

  const kept = pending.length;
  const decisions: LedgerDecision<T>[] = [];
  for (const request of requests) {
    if (clock.now() - now > EVALUATE_MS) {
      decisions.push({ kind: 'postponed' });
      continue;
    }
    const entry = mustRecord(request.change, world)
      ? ledgerEntryOf(options.newId(), request.change, request.user)
      : undefined;
    const isRepeated = isCached && pending.some((each) => concernsSame(each, request.change));
    const evaluated = isRepeated
      ? ({ kind: 'unconfirmed' } as const)
      : await tryDecide(request, entry, world, pending, options);
    const decision = isCached ? unlessUnconfirmed(evaluated) : evaluated;
    decisions.push(decision);
    if (decision.kind === 'allowed' && entry !== undefined && !request.dryRun) pending.push(entry);
  }
  const confirmed = isCached ? confirmDenials(decisions, reader, signal) : undefined;
  const added = pending.length - kept;
  const cleans = requests.length === 0 && kept < entries.length;
  // A lock request that was granted or expired is removed.
  if (!writes || (added === 0 && !cleans && state.lockRequest === undefined)) {
    await confirmed;
    return { kind: 'done', decisions, state, written: undefined, entries: entries.length };
  }

  const reached = reader.reachedVersions?.();
  const progress =
    reached &&
    advanceProgress(
      state.progress,
      // An object that differs from a list is read after it: its deletion can be later than the list.
      resolved.map((each) => appliedVersionOf(each, world, isCached ? reached : undefined)),
      isCached ? undefined : reached,
      (applied) => options.appliedSeen.remainingMs({ id: idOf(applied) }, now) === 0,
    );
  const [{ result, version }] = await Promise.all([
    store.write({ entries: pending, progress }, state.version, signal),
    confirmed,
  ]);
  if (result === 'conflict') return { kind: 'conflict' };
  if (result === 'full') {
    const full = unverified(requests, FULL, false);
    return { kind: 'done', decisions: full, state, written: undefined, entries: entries.length };
  }
  // The requests were here before.
  firstSeen.record(pending, now);
  return { kind: 'done', decisions, state, written: version, entries: pending.length };
}

/** The world for an evaluation: the cache of the watches if it has all that the ledger no longer has. */
export async function readWorld(
  state: LedgerState,
  changes: readonly Change[],
  { reader, confirms, source }: Pick<RoundOptions, 'reader' | 'confirms' | 'source'>,
  signal: AbortSignal,
): Promise<{ readonly world: World; readonly isCached: boolean }> {
  reader.use?.([...changes, ...(state.entries ?? []).map(changeOfEntry)]);
  if (reader.cached !== undefined) {
    const needs = confirms ? undefined : cacheNeeds(state, changes);
    const cached = needs === undefined ? (confirms ? 'confirm' : 'unrecorded') : await reader.cached(needs);
    source(typeof cached === 'string' ? cached : 'watch');
    if (typeof cached !== 'string') return { world: cached, isCached: true };
  }
  return { world: await reader.consistent(signal), isCached: false };
}

/** What the cache can show: an admission, and a denial of which the objects that it rests on are read again. */
function unlessUnconfirmed<T>(decision: LedgerDecision<T>): LedgerDecision<T> {
  if (decision.kind === 'undecided') return { ...decision, isCached: true };
  return decision.kind === 'denied' && decision.restsOn === undefined ? { kind: 'unconfirmed' } : decision;
}

/** Reads the objects that denials rest on; if one has changed, a list must confirm the denial. */
async function confirmDenials<T>(
  decisions: LedgerDecision<T>[],
  reader: WorldReader,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    decisions.map(async (decision, index) => {
      if (decision.kind !== 'denied') return;
      const isCurrent = await reader.areCurrent?.(decision.restsOn ?? [], signal).catch(() => false);
      if (isCurrent !== true) decisions[index] = { kind: 'unconfirmed' };
    }),
  );
}

/** True if a pending change is one of the object that is changed. It may be stored, which the cache does not show. */
function concernsSame({ key }: LedgerEntry, { before, after }: Change): boolean {
  return key === (after ?? before)?.key && !key.endsWith('/');
}

function idOf({ key, uid, resourceVersion }: AppliedVersion): string {
  return `${key} ${uid} ${resourceVersion}`;
}

function unverified<T>(
  requests: readonly LedgerRequest<T>[],
  reason: string,
  final: boolean,
): LedgerDecision<T>[] {
  return requests.map(() => ({ kind: 'unverified', reason, final }));
}

async function tryDecide<T>(
  request: LedgerRequest<T>,
  entry: LedgerEntry | undefined,
  world: World,
  pending: readonly LedgerEntry[],
  options: RoundOptions,
): Promise<LedgerDecision<T>> {
  try {
    if (entry !== undefined) {
      const tooLarge = reasonTooLarge(entry);
      if (tooLarge !== undefined) return { kind: 'unverified', reason: tooLarge, final: true };
      const whose = request.dryRun ? undefined : exceededShare(entry, pending);
      if (whose !== undefined) {
        const seconds = secondsOf(pending, options);
        const reason = `${whose} has too many pending changes; they are stored or expire in ${seconds} s`;
        return { kind: 'crowded', reason };
      }
    }
    return await decide(request, world, pending, options);
  } catch (error) {
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function decide<T>(
  request: LedgerRequest<T>,
  world: World,
  pending: readonly LedgerEntry[],
  options: RoundOptions,
): Promise<LedgerDecision<T>> {
  const { clock } = options;
  const key = (request.change.after ?? request.change.before)?.key ?? '';
  const began = clock.now();
  let resumed = began;
  const allowed: T[] = [];
  let denied: { readonly answer: T } | undefined;
  let restsOn: Map<string, AppliedVersion> | undefined = new Map();
  for (const possible of possibleWorlds(world, pending, key)) {
    const now = clock.now();
    // The first world is always evaluated: then the request is late, not the others.
    if (now - began > REQUEST_MS) return { kind: 'unverified', reason: LATE, final: true };
    if (now - resumed > YIELD_MS) {
      await nextTurn();
      resumed = clock.now();
    }
    const evaluated = request.evaluate(possible);
    if (evaluated.allowed) allowed.push(evaluated.answer);
    else {
      denied ??= evaluated;
      for (const each of evaluated.restsOn ?? [undefined]) restsOn = addStored(restsOn, each, world);
    }
    if (allowed.length > 0 && denied !== undefined)
      return { kind: 'undecided', answer: denied.answer, seconds: secondsOf(pending, options, key) };
  }
  if (denied !== undefined)
    return { kind: 'denied', answer: denied.answer, restsOn: restsOn && [...restsOn.values()] };
  const [answer, ...others] = allowed as [T, ...T[]];
  if (others.length === 0 || request.notePending === undefined) return { kind: 'allowed', answer };
  return {
    kind: 'allowed',
    answer: request.notePending(answer, others, secondsOf(pending, options, key)),
  };
}

/** Adds an object to those that are read again; undefined if it is not one that is stored. */
function addStored(
  objects: Map<string, AppliedVersion> | undefined,
  object: Resource | undefined,
  world: World,
): Map<string, AppliedVersion> | undefined {
  if (object === undefined || world.getByKey(object.key)?.json !== object.json) return undefined;
  const [uid, resourceVersion] = ['uid', 'resourceVersion'].map((name) =>
    asString(at(object.json, ['metadata', name])),
  );
  if (resourceVersion !== undefined) objects?.set(object.key, { key: object.key, uid, resourceVersion });
  return resourceVersion === undefined ? undefined : objects;
}

/** In how many seconds all pending changes of other objects are stored or expired. */
function secondsOf(
  pending: readonly LedgerEntry[],
  { firstSeen, clock }: RoundOptions,
  exceptKey?: string,
): number {
  const now = clock.now();
  const times = pending
    .filter((each) => each.key !== exceptKey)
    .map((each) => firstSeen.remainingMs(each, now));
  return Math.ceil(Math.max(0, ...times) / 1000);
}

/** True if the created object of an entry was seen, also if it is deleted by now. */
function wasStored({ operation, key, uid }: LedgerEntry, reader: WorldReader): boolean {
  return operation === 'create' && uid !== undefined && reader.hasBeenStored(key, uid);
}

/** False if the change alters no field that rules read, or can no longer be stored. */
function mustRecord(change: Change, world: World): boolean {
  return changesLedgerView(change) && !isResolved(ledgerEntryOf('', change, ''), world);
}

/**
 * Creates the ledger, in a new installation empty. Otherwise with an entry of operation `unknown`: the changes of a
 * lost ledger may still be stored, and no change is admitted until that is impossible.
 */
async function createLedger<T>(
  state: LedgerState,
  { store, newId, isNew }: RoundOptions,
  signal: AbortSignal,
): Promise<RoundResult<T>> {
  if (state.version === undefined && (await isNew(signal))) {
    await store.write(EMPTY_LEDGER, undefined, signal);
    return { kind: 'conflict' };
  }
  const marker: LedgerEntry = { id: newId(), operation: 'unknown', key: '' };
  await store.write({ entries: [marker] }, state.version, signal);
  return { kind: 'conflict' };
}
