/**
 * An admission evaluates only what one change can touch. Here its answer is compared with the full
 * difference of the two worlds: a rule whose `affected` names too little is found.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../../src/core/base/model.ts';
import { judgeChange } from '../../../src/core/judge/judge.ts';
import type { World } from '../../../src/core/world.ts';
import { findingText, fullDifference } from './difference.ts';
import {
  connectionScenarios,
  mutatedScenarios,
  placementScenarios,
  storageScenarios,
} from './small-worlds.ts';
import { changeText, type Scenario, scenarios } from './worlds.ts';
import { runsOf } from '../../support/runs.ts';

const GENERATORS: Record<string, readonly [runs: number, arbitrary: fc.Arbitrary<Scenario>]> = {
  'grown from the correct set': [1500, scenarios],
  'with node selectors': [500, placementScenarios],
  'with connection ConfigMaps and devices': [600, connectionScenarios],
  'with images and classes of 1.0': [600, storageScenarios('1.0')],
  'with images and classes of 1.2': [600, storageScenarios('1.2')],
  'with any JSON in any place': [600, mutatedScenarios],
};

function expectFullDifference(world: World, change: Change): void {
  const { denied, warned, waived } = judgeChange(world, change);
  const answered = [
    ...denied.map((each) => findingText('deny', each)),
    ...warned.map((each) => findingText('warn', each)),
  ].sort();
  expect(answered, changeText(change)).toEqual(fullDifference(world, change));
  expect(waived).toEqual([]);
}

it.each(Object.entries(GENERATORS))(
  'reports what the full evaluation of both worlds reports, in worlds %s',
  { timeout: 600_000 },
  (_name, [runs, arbitrary]) => {
    fc.assert(
      fc.property(arbitrary, ({ world, change }) => expectFullDifference(world, change)),
      { numRuns: runsOf(runs) },
    );
  },
);

it.each(Object.entries(GENERATORS))(
  'reports the same if the world before is itself a change of another, in worlds %s',
  { timeout: 600_000 },
  (_name, [runs, arbitrary]) => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (first, second) => {
        // The second change, of whatever the first world holds under its key.
        const world = first.world.with(first.change);
        const { after, before } = second.change;
        const present = world.getByKey((after ?? before)!.key);
        if (present === undefined && after === undefined) return;
        expectFullDifference(world, { before: present, after });
      }),
      { numRuns: runsOf(runs / 4) },
    );
  },
);
