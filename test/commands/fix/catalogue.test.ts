/** Every rule that can mend has a case: the text before, the text after, nothing else touched, and silence. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../src/commands/lint/fix/candidate.ts';
import { fillsAsDefault } from '../../../src/core/defaults/fills.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { caseConfig, caseText, type LintCase, readWorld } from '../../cases/harness.ts';
import { EXPECTED } from './expected.ts';
import { changedLines, mend, type Mending } from './mend.ts';

const FOLDER = join(import.meta.dirname, '../../cases');
/** Rules that judge no file of manifests: a change alone, or Helm values. */
const ELSEWHERE = /^IOM(?:403|8)/;

const fixable = rules.filter(
  ({ fix, code }) => (fix === 'safe' || fix === 'unsafe') && !ELSEWHERE.test(code),
);

async function casesOf(code: string): Promise<readonly LintCase[]> {
  const { lint = [] }: { lint?: readonly LintCase[] } = await import(join(FOLDER, `${code}.ts`));
  return lint;
}

function mended(each: LintCase, unsafe: boolean): Mending & { text: string } {
  const text = caseText(each);
  return { text, ...mend([text], caseConfig(each), each.today ?? '2026-11-23', unsafe) };
}

function hasEdits(finding: Finding): boolean {
  return (finding.fix?.edits?.length ?? 0) > 0;
}

describe('the rules with a fix', () => {
  it('are those with expected texts, no more and no fewer', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(fixable.map(({ code }) => code).sort());
  });

  describe.each(Object.entries(EXPECTED))('%s', (code, list) => {
    it.each(list.map((each) => [each.name, each] as const))('%s', async (name, { unsafe, lines }) => {
      const found = (await casesOf(code)).find((each) => each.name === name);
      expect(found, `a case "${name}" in test/cases/${code}.ts`).toBeDefined();
      const { text, before, fixed, texts } = mended(found!, unsafe);
      expect(before.findings.some((each) => each.code === code && hasEdits(each))).toBe(true);
      expect(changedLines(text, texts[0]!)).toEqual(lines);
      const left = fixed.judgement.findings.filter((each) => each.code === code && hasEdits(each));
      expect(left.map(({ message }) => message)).toEqual([]);
      if (!unsafe) return;
      // A fix that changes a value is not made unasked.
      const safe = mended(found!, false);
      const untouched = safe.before.findings.every(({ fix }) => fix?.safety !== 'safe');
      if (untouched) expect(safe.texts[0]).toBe(text);
    });
  });
});

describe('the fixes of all cases', () => {
  it.each(readdirSync(FOLDER).filter((name) => /^IOM\d+\.ts$/.test(name)))('%s', async (file) => {
    for (const each of await casesOf(file.replace('.ts', ''))) {
      for (const unsafe of [false, true]) {
        const { before, fixed, texts } = mended(each, unsafe);
        const said = `${each.name}: ${fixed.refused.map(({ reason }) => reason).join('; ')}`;
        const due = before.findings.filter(
          (one) => hasEdits(one) && (one.fix?.safety === 'safe' || (unsafe && one.fix?.safety === 'unsafe')),
        );
        expect(fixed.gone + fixed.refused.length, said).toBeGreaterThanOrEqual(due.length);
        const again = mend(texts, caseConfig(each), each.today ?? '2026-11-23', unsafe);
        expect(again.texts, said).toEqual(texts);
        const told = new Set(fixed.refused.map(({ candidate }) => keyOf(candidate.finding)));
        const left = fixed.judgement.findings.filter(
          (one) => hasEdits(one) && (unsafe || one.fix?.safety === 'safe') && !told.has(keyOf(one)),
        );
        expect(
          left.map(({ message }) => message),
          said,
        ).toEqual([]);
      }
    }
  });

  it('that are safe quote what is written, or fill what the webhook fills', async () => {
    let seen = 0;
    for (const file of readdirSync(FOLDER).filter((name) => /^IOM\d+\.ts$/.test(name))) {
      for (const each of await casesOf(file.replace('.ts', ''))) {
        const world = readWorld(caseText(each), each);
        for (const { code, fix, resource, message } of mended(each, false).before.findings) {
          if (fix?.safety !== 'safe' || code === 'IOM005') continue;
          seen += 1;
          const own = world.getByKey(resource!.key)!;
          expect(fillsAsDefault(own, world, fix.edits ?? []), `${each.name}: ${message}`).toBe(true);
        }
      }
    }
    expect(seen).toBeGreaterThan(5);
  });
});
