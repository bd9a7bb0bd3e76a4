/** Every case of every rule, in lint and at admission. */
import { describe, it } from 'vitest';
import { CASES } from './cases/all.ts';
import { runChangeCase, runLintCase } from './cases/harness.ts';

describe.each(CASES)('$code', ({ lint, change }) => {
  for (const each of lint) it(`lint: ${each.name}`, () => runLintCase(each));
  for (const each of change) it(`change: ${each.name}`, () => runChangeCase(each));
});
