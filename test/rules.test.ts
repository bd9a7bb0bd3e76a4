/** Every case of every rule: `test/cases/IOMnnn.ts` exports `lint` and `change` cases. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { type ChangeCase, type LintCase, runChangeCase, runLintCase } from './cases/harness.ts';

const FOLDER = join(import.meta.dirname, 'cases');

for (const file of readdirSync(FOLDER)
  .filter((name) => /^IOM\d+\.ts$/.test(name))
  .sort()) {
  const cases: { lint?: readonly LintCase[]; change?: readonly ChangeCase[] } = await import(
    join(FOLDER, file)
  );
  describe(file.replace('.ts', ''), () => {
    for (const each of cases.lint ?? []) it(`lint: ${each.name}`, () => runLintCase(each));
    for (const each of cases.change ?? []) it(`change: ${each.name}`, () => runChangeCase(each));
  });
}
