/** Every rule that can mend has a case: the text before, the text after, nothing else touched, and silence. */
import { describe, expect, it } from 'vitest';
import { findingKey } from '../../../src/commands/lint/fix/candidate.ts';
import { fillsAsDefault } from '../../../src/core/defaults/mutate.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { CASES } from '../../cases/all.ts';
import { caseConfig, caseText, type LintCase, readWorld } from '../../cases/harness.ts';
import { changedLines, fixTexts, type FixedTexts } from './fix-texts.ts';

/** Rules that judge no file of manifests: a change alone, or Helm values. */
const ELSEWHERE = /^IOM(?:403|8)/;

const fixable = rules.filter(
  ({ fix, code }) => (fix === 'safe' || fix === 'unsafe') && !ELSEWHERE.test(code),
);

const FIXED = { safe: new Map<LintCase, Fixed>(), unsafe: new Map<LintCase, Fixed>() };
type Fixed = FixedTexts & { readonly text: string };

/** The text of a case after its fixes, made once for all tests. */
function fixes(each: LintCase, unsafe: boolean): Fixed {
  const made = FIXED[unsafe ? 'unsafe' : 'safe'];
  let fixed = made.get(each);
  if (fixed === undefined) {
    const text = caseText(each);
    fixed = { text, ...fixTexts([text], caseConfig(each), each.today ?? '2026-11-23', unsafe) };
    made.set(each, fixed);
  }
  return fixed;
}

function hasEdits(finding: Finding): boolean {
  return (finding.fix?.edits?.length ?? 0) > 0;
}

const withFix = CASES.filter(({ code }) => fixable.some((rule) => rule.code === code)).map(
  ({ code, lint }) => ({ code, cases: lint.filter(({ fixed }) => fixed !== undefined) }),
);

describe.each(withFix)('a fix of $code', ({ code, cases }) => {
  it('has a case with its text', () => {
    expect(cases).not.toEqual([]);
  });

  it.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const isOwn = (finding: Finding) => finding.code === code && hasEdits(finding);
    const found = fixes(each, true).before.findings.filter(isOwn);
    expect(found).not.toEqual([]);
    const unsafe = found.some(({ fix }) => fix?.safety === 'unsafe');
    const { text, fixed, texts } = fixes(each, unsafe);
    expect(changedLines(text, texts[0]!)).toEqual(each.fixed!.trim().split('\n'));
    expect(fixed.judgement.findings.filter(isOwn).map(({ message }) => message)).toEqual([]);
    if (!unsafe) return;
    // A fix that changes a value takes --unsafe-fixes.
    const safe = fixes(each, false);
    const untouched = safe.before.findings.every(({ fix }) => fix?.safety !== 'safe');
    if (untouched) expect(safe.texts[0]).toBe(text);
  });
});

it('has a fixed text only in cases of rules with a fix', () => {
  const codes = CASES.filter(({ lint }) => lint.some(({ fixed }) => fixed !== undefined)).map(
    ({ code }) => code,
  );
  expect(codes).toEqual(fixable.map(({ code }) => code));
});

describe('the fixes of all cases', () => {
  it.each(CASES)('of $code leave nothing to fix, or say why', ({ lint }) => {
    for (const each of lint) {
      for (const unsafe of [false, true]) {
        const { before, fixed, texts } = fixes(each, unsafe);
        const said = `${each.name}: ${fixed.skipped.map(({ reason }) => reason).join('; ')}`;
        const due = before.findings.filter(
          (one) => hasEdits(one) && (one.fix?.safety === 'safe' || (unsafe && one.fix?.safety === 'unsafe')),
        );
        expect(fixed.resolved + fixed.skipped.length, said).toBeGreaterThanOrEqual(due.length);
        const again = fixTexts(texts, caseConfig(each), each.today ?? '2026-11-23', unsafe);
        expect(again.texts, said).toEqual(texts);
        const told = new Set(fixed.skipped.map(({ candidate }) => findingKey(candidate.finding)));
        const left = fixed.judgement.findings.filter(
          (one) => hasEdits(one) && (unsafe || one.fix?.safety === 'safe') && !told.has(findingKey(one)),
        );
        expect(
          left.map(({ message }) => message),
          said,
        ).toEqual([]);
      }
    }
  });

  it('quote a value or fill in a default of the webhook if they are safe', () => {
    let seen = 0;
    for (const each of CASES.flatMap(({ lint }) => lint)) {
      const world = readWorld(caseText(each), each);
      for (const { code, fix, resource, message } of fixes(each, false).before.findings) {
        if (fix?.safety !== 'safe' || code === 'IOM005') continue;
        seen += 1;
        const own = world.getByKey(resource!.key)!;
        expect(fillsAsDefault(own, world, fix.edits ?? []), `${each.name}: ${message}`).toBe(true);
      }
    }
    expect(seen).toBeGreaterThan(5);
  });
});
