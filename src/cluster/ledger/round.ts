/**
 * One round of the ledger: read it, then read the world, judge, write. The order is what makes it safe;
 * docs/decisions/0003-ledger.md says why.
 */
import { matters } from '../../admission/ledger-view.ts';
import type { LedgerRequest } from '../../admission/ledger.ts';
import type { Change } from '../../core/base/model.ts';
import type { World } from '../../core/world.ts';
import { isTooLarge } from './codec.ts';
import { type Entry, entryOf, isSettled } from './entry.ts';
import { possibleWorlds } from './possible.ts';
import type { Sightings } from './sightings.ts';
import type { Clock, LedgerState, LedgerStore, WorldReader } from './types.ts';

/** What a round made of one question. */
export type Verdict<T> =
  | { readonly kind: 'allowed'; readonly answer: T }
  | { readonly kind: 'denied'; readonly answer: T }
  /** Allowed or denied depends on whether a pending change is stored; `answer` is the denial. */
  | { readonly kind: 'open'; readonly answer: T }
  /** Not looked at: those before it took long, and others wait for an answer. */
  | { readonly kind: 'postponed' }
  /** Cannot be decided before something else has happened. */
  | { readonly kind: 'refused'; readonly reason: string; readonly final: boolean }
  /** Judging it failed, which is nobody else's business. */
  | { readonly kind: 'failed'; readonly error: Error };

export interface RoundOptions {
  readonly store: LedgerStore;
  readonly reader: WorldReader;
  readonly clock: Clock;
  readonly sightings: Sightings;
  readonly newId: () => string;
  /** True where this is not the ledger this process knows, but another in its place. */
  readonly isLost: (state: LedgerState) => boolean;
  /** True where another replica has asked for its turn, and should have it. */
  readonly givesWay: (turn: string) => boolean;
}

/** How a round ended. After a conflict, or where it is another's turn, nothing was decided: start again. */
export type RoundResult<T> =
  | { readonly kind: 'conflict' | 'turn' }
  | {
      readonly kind: 'done';
      readonly verdicts: readonly Verdict<T>[];
      readonly state: LedgerState;
      /** The version this round wrote; undefined where it wrote nothing. */
      readonly written: string | undefined;
      /** How many entries the ledger holds now. */
      readonly entries: number;
    };

/** Nothing else is heard while a round judges: where many changes are under way, the rest is left to the next one. */
const JUDGE_MS = 250;

const FULL = 'the ledger of changes under way is full; try again in a moment';
const TOO_LARGE =
  'the object is too large for the ledger of changes under way; no object of this kind needs to be so large';
const LOST = 'the ledger of changes under way was lost, and a dry run does not make it anew';

/** Decides on several questions, one after another, and commits what was allowed in one write. Rejects where ledger or world cannot be read, or a write's outcome is not known. */
export async function round<T>(
  questions: readonly LedgerRequest<T>[],
  options: RoundOptions,
  signal: AbortSignal,
): Promise<RoundResult<T>> {
  const { store, reader, clock, sightings } = options;
  const state = await store.read(signal);
  const entries = state.entries ?? [];
  sightings.note(entries, clock.now());
  // Nothing is written for what is not stored. The background visits write too.
  const writes = questions.length === 0 || questions.some(({ dryRun }) => !dryRun);
  if (state.entries === undefined || options.isLost(state)) {
    if (writes) return await makeAnew(state, options, signal);
    return { kind: 'done', verdicts: refused(questions, LOST, true), state, written: undefined, entries: 0 };
  }

  if (questions.length === 0 && entries.length === 0)
    return { kind: 'done', verdicts: [], state, written: undefined, entries: 0 };

  if (state.turn !== undefined && options.givesWay(state.turn)) return { kind: 'turn' };

  // Not before the ledger is read: what is no longer in it must be in the world.
  const world = await reader.consistent(signal);
  const now = clock.now();
  const pending = entries.filter((each) => sightings.remaining(each, now) > 0 && !isSettled(each, world));
  const unknown = pending.filter(({ operation }) => operation === 'unknown');
  if (unknown.length > 0) {
    const seconds = Math.ceil(Math.max(...unknown.map((each) => sightings.remaining(each, now))) / 1000);
    const reason = `the ledger of changes under way was lost and made anew; what was allowed before is settled in ${seconds} s`;
    const verdicts = refused(questions, reason, true);
    return { kind: 'done', verdicts, state, written: undefined, entries: entries.length };
  }

  const kept = pending.length;
  const verdicts = questions.map((question): Verdict<T> => {
    if (clock.now() - now > JUDGE_MS) return { kind: 'postponed' };
    const verdict = attempt(question, world, pending);
    if (verdict.kind !== 'allowed' || question.dryRun || !canMatter(question.change, world)) return verdict;
    const entry = entryOf(options.newId(), question.change, world);
    if (isTooLarge(entry)) return { kind: 'refused', reason: TOO_LARGE, final: true };
    pending.push(entry);
    return verdict;
  });
  const added = pending.length - kept;
  const swept = questions.length === 0 && kept < entries.length;
  // A turn that was had, or waited for in vain, is taken out of the way.
  if (!writes || (added === 0 && !swept && state.turn === undefined))
    return { kind: 'done', verdicts, state, written: undefined, entries: entries.length };

  const { result, version } = await store.write(pending, state.version, signal);
  if (result === 'conflict') return { kind: 'conflict' };
  if (result === 'full') {
    const verdicts = refused(questions, FULL, false);
    return { kind: 'done', verdicts, state, written: undefined, entries: entries.length };
  }
  return { kind: 'done', verdicts, state, written: version, entries: pending.length };
}

function refused<T>(questions: readonly LedgerRequest<T>[], reason: string, final: boolean): Verdict<T>[] {
  return questions.map(() => ({ kind: 'refused', reason, final }));
}

function attempt<T>(question: LedgerRequest<T>, world: World, pending: readonly Entry[]): Verdict<T> {
  try {
    return decide(question, world, pending);
  } catch (error) {
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function decide<T>(question: LedgerRequest<T>, world: World, pending: readonly Entry[]): Verdict<T> {
  const key = (question.change.after ?? question.change.before)?.key ?? '';
  let allowed: { readonly answer: T } | undefined;
  let denied: { readonly answer: T } | undefined;
  for (const possible of possibleWorlds(world, pending, key)) {
    const judged = question.judge(possible);
    if (judged.allowed) allowed ??= judged;
    else denied ??= judged;
    if (allowed !== undefined && denied !== undefined) return { kind: 'open', answer: denied.answer };
  }
  if (denied !== undefined) return { kind: 'denied', answer: denied.answer };
  return { kind: 'allowed', answer: (allowed as { readonly answer: T }).answer };
}

/** False where the change touches nothing that judging looks at, or can no longer be stored. */
function canMatter(change: Change, world: World): boolean {
  return matters(change) && !isSettled(entryOf('', change, world), world);
}

/**
 * A ledger that is new begins with an entry that says so: whatever its predecessor held may still be
 * stored, and until that is over nothing may be allowed.
 */
async function makeAnew<T>(
  state: LedgerState,
  { store, newId }: RoundOptions,
  signal: AbortSignal,
): Promise<RoundResult<T>> {
  const marker: Entry = { id: newId(), operation: 'unknown', key: '' };
  await store.write([marker], state.version, signal);
  return { kind: 'conflict' };
}
