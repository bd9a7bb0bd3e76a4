import type { Rule, Severities } from '../core/rule.ts';
import { type RulePage, rulePages } from './rule-pages.js';

/** The catalogue as a table for a terminal. */
export function rulesTable(rules: readonly Rule[]): string {
  const head = ['CODE', 'NAME', 'LINT', 'KUBECTL', 'FIX', 'VIOLATED WHEN'];
  const rows = [
    head,
    ...rules.map((rule) => [
      rule.code,
      rule.name,
      lint(rule),
      kubectl(rule),
      rule.fix ?? '-',
      pageOf(rule).summary,
    ]),
  ];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return `${rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}

/** The catalogue for a program. */
export function rulesJson(rules: readonly Rule[]): string {
  const list = rules.map((rule) => ({
    code: rule.code,
    name: rule.name,
    summary: pageOf(rule).summary,
    severity: rule.severity,
    lesserSeverity: rule.minor,
    fix: rule.fix,
    docs: `docs/rules/${rule.code}.md`,
  }));
  return `${JSON.stringify({ version: 1, rules: list }, undefined, 2)}\n`;
}

/** The prose of a rule. */
export function pageOf({ code }: Rule): RulePage {
  const page = rulePages[code];
  if (page === undefined) throw new Error(`docs/rules/${code}.md is missing`);
  return page;
}

/** A rule's page, in Markdown: what `explain` prints and `docs/rules/` holds. */
export function formatRulePage(rule: Rule): string {
  const page = pageOf(rule);
  const facts = [`lint: ${lint(rule)}`, `kubectl: ${kubectl(rule)}`, `fix: ${rule.fix ?? 'none'}`];
  return `# ${rule.code} ${rule.name}

${page.summary}

${facts.join(' · ')}

## Why it matters

${page.why}

## Incorrect

${page.incorrect}

## Correct

${page.correct}

## How to fix

${page.fix}

## Source

${page.source}
`;
}

function lint({ severity, minor }: Rule): string {
  return both(severity, minor, (each) => (each.lint === 'none' ? '-' : each.lint));
}

function kubectl({ severity, minor }: Rule): string {
  return both(severity, minor, (each) => (each.admission === 'none' ? '-' : each.admission));
}

function both(first: Severities, second: Severities | undefined, word: (each: Severities) => string): string {
  return second === undefined || word(second) === word(first)
    ? word(first)
    : `${word(first)} or ${word(second)}`;
}
