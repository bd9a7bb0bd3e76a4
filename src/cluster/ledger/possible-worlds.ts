/**
 * The possible states of the cluster while changes are pending: every object with a pending change may
 * keep its stored state or get the state after the change.
 */
import { exactText } from '../../core/base/json.ts';
import type { Change, Resource } from '../../core/base/model.ts';
import type { World } from '../../core/world.ts';
import { type LedgerEntry, possibleStates } from './entry.ts';

/** The largest number of combinations of which all are evaluated: a world takes about a millisecond. */
const MAX_COMBINATIONS = 8;

/** An object with pending changes and its possible states. The first is the stored state. */
interface UndecidedObject {
  readonly key: string;
  readonly states: readonly (Resource | undefined)[];
}

/**
 * The worlds in which a change of the object `key` must be allowed. The first is the expected one: all
 * pending changes are stored. Pending changes of the object itself are left out, because an apiserver
 * stores a change only onto the object that was evaluated.
 *
 * Yields all combinations if they are few. Otherwise so many that each two objects occur in every combination of
 * their states, except two different states in the midst of a deletion. That finds every conflict of the change with
 * two pending ones; a conflict with three pending changes can be missed.
 */
export function* possibleWorlds(
  world: World,
  pending: readonly LedgerEntry[],
  key: string,
): Generator<World> {
  const undecided = undecidedObjects(world, pending, key);
  const expected = undecided.map(({ states }) => states.length - 1);
  const all = choose(world, undecided, expected);
  yield all;
  if (undecided.length === 0) return;
  yield world;
  let combinations = 1;
  for (const { states } of undecided)
    combinations = Math.min(combinations * states.length, MAX_COMBINATIONS + 1);
  const yielded = new Set([expected.join(), undecided.map(() => 0).join()]);
  for (const choice of combinations > MAX_COMBINATIONS ? pairwiseChoices(undecided) : choices(undecided)) {
    const text = choice.join();
    if (!yielded.has(text)) yield choose(world, undecided, choice);
    yielded.add(text);
  }
}

function undecidedObjects(
  world: World,
  pending: readonly LedgerEntry[],
  exceptKey: string,
): UndecidedObject[] {
  const byKey = new Map<string, LedgerEntry[]>();
  for (const entry of pending) {
    // A key without a name belongs to several objects that are created with generateName.
    if (entry.key === exceptKey && !entry.key.endsWith('/')) continue;
    byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
  }
  const undecided: UndecidedObject[] = [];
  for (const [key, entries] of byKey) {
    const stored = world.getByKey(key);
    const reached = entries.flatMap((entry) => possibleStates(entry, stored));
    // The states of one change differ.
    const states = [stored, ...(entries.length === 1 ? reached : distinct(reached))];
    if (states.length > 1) undecided.push({ key, states });
  }
  return undecided;
}

/** States that differ in more than their identity: a client that retries sends the same object with another uid. */
function distinct(states: readonly (Resource | undefined)[]): readonly (Resource | undefined)[] {
  const byText = new Map<string, Resource | undefined>();
  for (const state of states) {
    const text = state === undefined ? '' : exactText({ ...state.json, metadata: withoutIdentity(state) });
    if (!byText.has(text)) byText.set(text, state);
  }
  return [...byText.values()];
}

function withoutIdentity({ json }: Resource) {
  const { uid: _uid, creationTimestamp: _created, ...rest } = json['metadata'] as Record<string, string>;
  return rest;
}

/** The world with one state chosen for each undecided object. */
function choose(world: World, undecided: readonly UndecidedObject[], choice: readonly number[]): World {
  return undecided.reduce((result, { states }, index) => {
    const chosen = choice[index] ?? 0;
    return chosen === 0 ? result : result.with(changeBetween(states, 0, chosen));
  }, world);
}

function changeBetween(states: UndecidedObject['states'], from: number, to: number): Change {
  const [before, after] = [states[from], states[to]];
  return { ...(before && { before }), ...(after && { after }) };
}

/**
 * Combinations of states, as indexes, in which each two objects have every combination of one state with the stored
 * and the last one. Of the marks of two objects each has a bit that the other lacks. For each bit, the objects that
 * have it get one state and the others another. With 10 pending creations these are 5 worlds, where the bits of their
 * numbers need 8.
 */
function* pairwiseChoices(undecided: readonly UndecidedObject[]): Generator<number[]> {
  const last = Math.max(...undecided.map(({ states }) => states.length - 1));
  const choice = (stateOf: (index: number) => number) =>
    undecided.map(({ states }, index) => Math.min(stateOf(index), states.length - 1));
  for (let state = 1; state < last; state += 1) yield choice(() => state);
  const { bits, marks } = incomparableMarks(undecided.length);
  for (let bit = 0; bit < bits; bit += 1)
    for (let state = 1; state <= last; state += 1)
      for (const other of state < last ? [0, last] : [0])
        yield choice((index) => (((marks[index] ?? 0) >> bit) & 1 ? state : other));
}

/** Different numbers with equally many bits set, of the fewest bits that give so many: an antichain (Sperner). */
function incomparableMarks(count: number): { readonly bits: number; readonly marks: readonly number[] } {
  let bits = 0;
  while (binomial(bits, bits >> 1) < count) bits += 1;
  const marks: number[] = [];
  for (let mark = 0; marks.length < count; mark += 1) if (bitCount(mark) === bits >> 1) marks.push(mark);
  return { bits, marks };
}

function binomial(n: number, k: number): number {
  return k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k;
}

function bitCount(value: number): number {
  return value === 0 ? 0 : (value & 1) + bitCount(value >> 1);
}

/** Every combination of states, as indexes. */
function* choices(undecided: readonly UndecidedObject[]): Generator<number[]> {
  const choice = undecided.map(() => 0);
  for (;;) {
    yield [...choice];
    let index = 0;
    for (; index < undecided.length; index += 1) {
      choice[index] = ((choice[index] ?? 0) + 1) % (undecided[index]?.states.length ?? 1);
      if (choice[index] !== 0) break;
    }
    if (index === undecided.length) return;
  }
}
