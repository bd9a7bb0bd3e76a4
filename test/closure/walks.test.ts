/**
 * Random walks through a universe that is too large to look at every world: no request brings an error that it was
 * not denied or warned of for, and that has no reason in `docs/guarantees.md`. `TEST_RUNS=10 WALK_SEED=2` makes a long
 * search.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IOMESH_VERSIONS } from '../../src/core/base/iomesh-version.ts';
import { runsOf } from '../support/runs.ts';
import { Explorer, type State } from './explore.ts';
import { reasonsFor } from './reasons.ts';
import { everything } from './universes.ts';

const STEPS = 15;
const WALKS = 2300;

/** The same walks each time, so that a change is not blamed for what another one left. */
const SEED = Number(process.env['WALK_SEED'] ?? 1);

/** Walks that share what one explorer remembers of its worlds, which would grow without end. */
const WALKS_OF_ONE = 100;

/** The classes without a reason that the requests of a way bring, in order, and how many of them were admitted. */
function walk(explorer: Explorer, choose: (state: State, step: number) => ReturnType<Explorer['follow']>) {
  let state: State = explorer.starts()[0]!;
  const way: string[] = [];
  const found: { readonly key: string; readonly message: string; readonly way: readonly string[] }[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const transition = choose(state, step);
    if (transition === undefined) continue;
    state = transition.next;
    way.push(transition.text);
    for (const each of transition.brought)
      if (reasonsFor(each).length !== 1) found.push({ key: each.key, message: each.message, way: [...way] });
  }
  return { admitted: way.length, found };
}

/** The same way to a class without the steps that it does not need. */
function shortened(explorer: Explorer, key: string, way: readonly string[]): readonly string[] {
  const requestsOf = (ways: readonly string[]) => ways.map((each) => each.replace(/ \{warned: .*\}$/, ''));
  for (let left = way.length - 2; left >= 0; left -= 1) {
    const texts = requestsOf(way.toSpliced(left, 1));
    const { found } = walk(explorer, (state, step) => {
      const request = [...explorer.requests(state)].find(({ text }) => text === texts[step]);
      return request === undefined ? undefined : explorer.follow(state, request);
    });
    const again = found.find((each) => each.key === key);
    if (again !== undefined) return shortened(explorer, key, again.way);
  }
  return way;
}

describe('random walks', () => {
  it.each(IOMESH_VERSIONS)(
    'of %s bring only errors that are denied, warned of, or have a reason',
    {
      timeout: 900_000,
    },
    (version) => {
      const universe = everything(version);
      const changing = [...universe.objects.keys()].filter(
        (index) => universe.objects[index]!.fixed === false,
      );
      const classes = new Map<string, { readonly message: string; readonly way: readonly string[] }>();
      let explorer = new Explorer(universe);
      let walks = 0;
      let admitted = 0;
      // Which object a request is about, and which request about it.
      const choice = fc.tuple(fc.nat(), fc.nat());
      fc.assert(
        fc.property(fc.array(choice, { minLength: STEPS, maxLength: STEPS }), (choices) => {
          walks += 1;
          if (walks % WALKS_OF_ONE === 0) explorer = new Explorer(universe);
          const walked = walk(explorer, (state, step) => {
            const [object, request] = choices[step]!;
            const requests = [...explorer.requestsOf(state, changing[object % changing.length]!)];
            return requests.length === 0
              ? undefined
              : explorer.follow(state, requests[request % requests.length]!);
          });
          admitted += walked.admitted;
          for (const { key, message, way } of walked.found)
            if (!classes.has(key)) classes.set(key, { message, way: shortened(explorer, key, way) });
        }),
        { numRuns: runsOf(WALKS), seed: SEED },
      );
      expect(Object.fromEntries(classes)).toEqual({});
      // Most requests are admitted, or the walks would go nowhere.
      expect(admitted).toBeGreaterThan((walks * STEPS) / 2);
    },
  );
});
