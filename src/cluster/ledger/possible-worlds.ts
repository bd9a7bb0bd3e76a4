/**
 * The possible states of the cluster while changes are pending: every object with a pending change may
 * keep its stored state or get the state after the change.
 */
import { stableJson } from '../../admission/ledger-view.ts';
import type { Change, Resource } from '../../core/base/model.ts';
import type { World } from '../../core/world.ts';
import { type LedgerEntry, possibleStates } from './entry.ts';

/** The largest number of combinations of which all are evaluated. */
const MAX_COMBINATIONS = 32;

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
 * Yields all combinations if they are few. Otherwise each pending change alone, all but one, all and none.
 * That finds every conflict of two changes; a conflict that takes three changes can be missed.
 */
export function* possibleWorlds(
  world: World,
  pending: readonly LedgerEntry[],
  key: string,
  maxCombinations: number = MAX_COMBINATIONS,
): Generator<World> {
  const undecided = undecidedObjects(world, pending, key);
  const expected = undecided.map(({ states }) => states.length - 1);
  const all = choose(world, undecided, expected);
  yield all;
  if (undecided.length === 0) return;
  yield world;
  let combinations = 1;
  for (const { states } of undecided)
    combinations = Math.min(combinations * states.length, maxCombinations + 1);
  if (combinations > maxCombinations) {
    for (const { states } of undecided) {
      const last = states.length - 1;
      for (let index = 1; index <= last; index += 1) yield world.with(changeBetween(states, 0, index));
      for (let index = 0; index < last; index += 1) yield all.with(changeBetween(states, last, index));
    }
    return;
  }
  const yielded = new Set([expected.join(), undecided.map(() => 0).join()]);
  for (const choice of choices(undecided))
    if (!yielded.has(choice.join())) yield choose(world, undecided, choice);
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
    const states: (Resource | undefined)[] = [stored];
    const known = new Set<string>();
    for (const state of entries.flatMap((entry) => possibleStates(entry, stored))) {
      // A client that retries sends the same object with another uid.
      const text = state === undefined ? '' : stableJson({ ...state.json, metadata: withoutIdentity(state) });
      if (known.has(text)) continue;
      known.add(text);
      states.push(state);
    }
    if (states.length > 1) undecided.push({ key, states });
  }
  return undecided;
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
