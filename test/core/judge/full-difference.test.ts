/**
 * An admission asks only about what one change can touch. Here its answer is held against the full
 * difference of the two worlds: a rule that names too little in `affected` is caught by this.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { judgeChange } from '../../../src/core/judge/judge.ts';
import { fullDifference } from './difference.ts';
import { changeText, scenarios } from './worlds.ts';

const RUNS = Number(process.env['JUDGE_RUNS'] ?? 1500);

it('an admission answers what judging both worlds as a whole answers', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(scenarios, ({ world, change }) => {
      const { denied, warned, waived } = judgeChange(world, change);
      const told = (decision: string) => (each: Finding) => `${decision} ${each.identity}`;
      const answered = [...denied.map(told('deny')), ...warned.map(told('warn'))].sort();
      expect(answered, changeText(change)).toEqual(fullDifference(world, change));
      expect(waived).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
