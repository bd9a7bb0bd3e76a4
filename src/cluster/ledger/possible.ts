/**
 * What the cluster may come to, as long as nobody knows which of the allowed changes are stored: every
 * object with a pending change may stay as it is or become what the change makes of it.
 */
import { stable } from '../../admission/ledger-view.ts';
import type { Change, Resource } from '../../core/base/model.ts';
import type { World } from '../../core/world.ts';
import { type Entry, outcomesOf } from './entry.ts';

/** Up to this many worlds are all looked at. */
const ALL_UP_TO = 32;

/** One object whose state is open, with its states: the first is the stored one. */
interface Open {
  readonly key: string;
  readonly states: readonly (Resource | undefined)[];
}

/**
 * The worlds a change of the object `key` must be allowed in, the likeliest first: the one where
 * everything pending is stored. The object's own pending changes are left out: an apiserver stores a
 * change only onto the very object that was judged.
 *
 * All combinations, while they are few. Beyond that each pending change alone, everything but one, all
 * and none: a conflict between two changes is seen still, one that takes three or more may not be.
 */
export function* possibleWorlds(
  world: World,
  pending: readonly Entry[],
  key: string,
  allUpTo: number = ALL_UP_TO,
): Generator<World> {
  const open = openObjects(world, pending, key);
  const likely = open.map(({ states }) => states.length - 1);
  const all = become(world, open, likely);
  yield all;
  if (open.length === 0) return;
  yield world;
  let combinations = 1;
  for (const { states } of open) combinations = Math.min(combinations * states.length, allUpTo + 1);
  if (combinations > allUpTo) {
    for (const { states } of open) {
      const last = states.length - 1;
      for (let index = 1; index <= last; index += 1) yield world.with(step(states, 0, index));
      for (let index = 0; index < last; index += 1) yield all.with(step(states, last, index));
    }
    return;
  }
  const told = new Set([likely.join(), open.map(() => 0).join()]);
  for (const choice of every(open)) if (!told.has(choice.join())) yield become(world, open, choice);
}

function openObjects(world: World, pending: readonly Entry[], except: string): Open[] {
  const byKey = new Map<string, Entry[]>();
  for (const entry of pending) {
    if (entry.key === except && !entry.key.endsWith('/')) continue;
    byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
  }
  const open: Open[] = [];
  for (const [key, entries] of byKey) {
    const stored = world.getByKey(key);
    const states: (Resource | undefined)[] = [stored];
    const known = new Set<string>();
    for (const outcome of entries.flatMap((entry) => outcomesOf(entry, stored))) {
      // An applier that tries again and again asks for the same each time, but for the identity.
      const text = outcome === undefined ? '' : stable({ ...outcome.json, metadata: content(outcome) });
      if (known.has(text)) continue;
      known.add(text);
      states.push(outcome);
    }
    if (states.length > 1) open.push({ key, states });
  }
  return open;
}

function content({ json }: Resource) {
  const { uid: _uid, creationTimestamp: _created, ...rest } = json['metadata'] as Record<string, string>;
  return rest;
}

function become(world: World, open: readonly Open[], choice: readonly number[]): World {
  return open.reduce((result, { states }, index) => {
    const chosen = choice[index] ?? 0;
    return chosen === 0 ? result : result.with(step(states, 0, chosen));
  }, world);
}

function step(states: Open['states'], from: number, to: number): Change {
  const [before, after] = [states[from], states[to]];
  return { ...(before && { before }), ...(after && { after }) };
}

function* every(open: readonly Open[]): Generator<number[]> {
  const choice = open.map(() => 0);
  for (;;) {
    yield [...choice];
    let index = 0;
    for (; index < open.length; index += 1) {
      choice[index] = ((choice[index] ?? 0) + 1) % (open[index]?.states.length ?? 1);
      if (choice[index] !== 0) break;
    }
    if (index === open.length) return;
  }
}
