/** Every case of every rule: what the files `IOMnnn.ts` next to this one export. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangeCase, LintCase } from './harness.ts';

export interface CasesOfRule {
  readonly code: string;
  readonly lint: readonly LintCase[];
  readonly change: readonly ChangeCase[];
}

/** In the order of the codes. */
export const CASES: readonly CasesOfRule[] = await Promise.all(
  readdirSync(import.meta.dirname)
    .filter((name) => /^IOM\d+\.ts$/.test(name))
    .sort()
    .map(async (file) => {
      const { lint = [], change = [] }: Partial<CasesOfRule> = await import(join(import.meta.dirname, file));
      return { code: file.replace('.ts', ''), lint, change };
    }),
);
