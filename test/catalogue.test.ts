/** The rules, their cases and their pages agree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WAIVE_ANNOTATION } from '../src/core/base/waivers.ts';
import { MAX_CONFLICTS } from '../src/core/iomesh/cluster-conflicts.ts';
import { DERIVED_NAMES, MAX_CLUSTER_NAME } from '../src/core/iomesh/cluster-name.ts';
import { ISCSI_PORTAL, META_PORT } from '../src/core/iomesh/connection.ts';
import { DEFAULT_CLASS } from '../src/core/iomesh/storage-class.ts';
import { findRule, rules } from '../src/core/judge/catalogue.ts';
import { docsPages } from '../src/report/pages.ts';
import { CASES } from './cases/all.ts';
import type { Expected } from './cases/harness.ts';

const ROOT = join(import.meta.dirname, '..');

/** Constants of the code that a page writes out. */
const CONSTANTS: Record<string, readonly (string | number)[]> = {
  IOM101: [ISCSI_PORTAL, MAX_CONFLICTS],
  IOM202: [ISCSI_PORTAL],
  IOM203: [META_PORT],
  IOM404: [WAIVE_ANNOTATION],
  IOM501: [DEFAULT_CLASS],
  IOM512: [DEFAULT_CLASS],
  IOM704: [
    MAX_CLUSTER_NAME,
    ...DERIVED_NAMES.flatMap(({ suffix, most }) => [suffix, most, most - suffix.length]),
  ],
};

describe('catalogue', () => {
  it('holds every code once, in order', () => {
    // A rule and its cases can only disappear together, and in a diff.
    expect(rules.map((rule) => rule.code)).toEqual(CASES.map(({ code }) => code));
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

  it('has the pages in docs/rules as the build reads them (npm run docs writes what follows from the rules)', () => {
    const wanted = docsPages();
    const folder = join(ROOT, 'docs/rules');
    expect(readdirSync(folder).sort()).toEqual([...wanted.keys(), 'zh-CN.md'].sort());
    for (const [name, text] of wanted) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
  });

  it.each(Object.entries(CONSTANTS))('names the constants of %s in its page', (code, values) => {
    const page = readFileSync(join(ROOT, 'docs/rules', `${code}.md`), 'utf8');
    for (const value of values) expect(page).toContain(String(value));
  });
});

describe('cases', () => {
  it.each(CASES)('of $code violate the rule and respect it', ({ code, lint, change }) => {
    const rule = findRule(code)!;
    const isExpected = (each: Expected) => each.code === code;
    const inLint = lint.map((each) => each.expect.some(isExpected));
    const atAdmission = change.map((each) =>
      [...(each.denied ?? []), ...(each.warned ?? [])].some(isExpected),
    );
    expect([...inLint, ...atAdmission]).toContain(true);
    expect([...inLint, ...atAdmission]).toContain(false);
    if (rule.severity.lint !== 'none') expect(inLint).toContain(true);
    if (rule.severity.admission !== 'none') expect(atAdmission).toContain(true);
  });
});
