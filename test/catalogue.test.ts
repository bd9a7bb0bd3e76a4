/** The catalogue, its cases and its pages say the same: nothing missing, nothing stale. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRule, rules } from '../src/core/judge/catalogue.ts';
import { pages } from '../src/report/pages.ts';
import type { ChangeCase, LintCase } from './cases/harness.ts';

const ROOT = join(import.meta.dirname, '..');

/** Every code that was ever given out: codes are not reused, and none may get lost. */
const CODES = [
  ...series(1, 8),
  ...series(101, 109),
  ...series(201, 207),
  ...series(301, 305),
  ...series(401, 405),
  ...series(501, 513),
  ...series(601, 605),
  ...series(701, 707),
  ...series(801, 802),
  ...series(901, 902),
];

function series(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `IOM${String(from + index).padStart(3, '0')}`);
}

describe('catalogue', () => {
  it('holds every code once, in order', () => {
    expect(rules.map((rule) => rule.code)).toEqual(CODES);
  });

  it('gives every rule a name of its own by which it can be found', () => {
    expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(findRule(rule.name.toUpperCase())).toBe(rule);
      expect(findRule(rule.code.toLowerCase())).toBe(rule);
    }
  });

  it('has a way to be violated for every rule', () => {
    // What is left to judge of IOM902 once the whole world was evaluated is no check of an object.
    for (const rule of rules.filter(({ code }) => code !== 'IOM902'))
      expect(
        [rule.check, rule.checkWorld, rule.checkChange].some((each) => each !== undefined),
        rule.code,
      ).toBe(true);
  });

  it('explains every rule', () => {
    for (const { code, doc } of rules)
      for (const [part, text] of Object.entries(doc))
        expect(text.trim().length, `${code} ${part}`).toBeGreaterThan(10);
  });

  it('has the pages in docs/rules as the rules tell them (npm run docs writes them)', () => {
    const wanted = pages();
    const folder = join(ROOT, 'docs/rules');
    expect(readdirSync(folder).sort()).toEqual([...wanted.keys()].sort());
    for (const [name, text] of wanted) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
  });
});

describe('cases', () => {
  it.each(rules.map((rule) => rule.code))(
    '%s is broken by a case and kept by the nearest one',
    async (code) => {
      const path = join(ROOT, 'test/cases', `${code}.ts`);
      expect(existsSync(path), `test/cases/${code}.ts`).toBe(true);
      const { lint = [], change = [] }: { lint?: LintCase[]; change?: ChangeCase[] } = await import(path);
      const outcomes = [
        ...lint.map((each) => each.expect),
        ...change.map((each) => [...(each.denied ?? []), ...(each.warned ?? [])]),
      ].map((expected) => expected.some((each) => each.code === code));
      expect(outcomes).toContain(true);
      expect(outcomes).toContain(false);
      const rule = findRule(code)!;
      if (rule.severity.lint !== 'none')
        expect(lint.some((each) => each.expect.some((one) => one.code === code))).toBe(true);
      if (rule.severity.admission !== 'none')
        expect(
          change.some((each) =>
            [...(each.denied ?? []), ...(each.warned ?? [])].some((one) => one.code === code),
          ),
        ).toBe(true);
    },
  );
});
