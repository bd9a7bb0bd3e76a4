import type { Rule } from '../core/rule.ts';
import { chineseRules, type RulePage, rulePages } from './rule-pages.js';

/** The rules as a table for a terminal. */
export function rulesTable(rules: readonly Rule[]): string {
  const head = ['CODE', 'NAME', 'LINT', 'ADMISSION', 'FIX', 'VIOLATED WHEN'];
  const rows = [
    head,
    ...rules.map((rule) => [
      rule.code,
      rule.name,
      lintText(rule),
      admissionText(rule),
      fixText(rule),
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

/** The rules as JSON. */
export function rulesJson(rules: readonly Rule[]): string {
  const list = rules.map((rule) => ({
    code: rule.code,
    name: rule.name,
    summary: pageOf(rule).summary,
    severity: rule.severity,
    lesserSeverity: rule.minor,
    fix: rule.fix,
    waivedBy: rule.waivedBy,
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
  const facts = [
    `lint: ${lintText(rule)}`,
    `admission: ${admissionText(rule)}`,
    `fix: ${fixText(rule)}`,
    `waived by: ${waivedByText(rule)}`,
  ];
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

/** A rule in Chinese: title, summary and remedy. The rest of the page is in English only. */
export function formatChineseRule(rule: Rule): string {
  const text = chineseRules[rule.code];
  if (text === undefined) throw new Error(`docs/rules/zh-CN.md has no ${rule.code}`);
  return `# ${rule.code} ${rule.name} ${text.title}

${text.summary}

lint: ${lintText(rule)} · admission: ${admissionText(rule)}

## 如何处理

${text.fix}

完整说明：iomesh-guard explain --lang en ${rule.code}
`;
}

function lintText({ severity, minor }: Rule): string {
  return unlessSame([severity.lint, minor?.lint]);
}

function admissionText({ severity, minor }: Rule): string {
  return unlessSame([severity.admission, minor?.admission]);
}

function waivedByText({ waivedBy }: Rule): string {
  if (waivedBy === undefined) return 'none';
  return waivedBy === 'owner' ? 'annotation' : 'configuration';
}

function fixText({ fix }: Rule): string {
  return fix === 'shown' ? 'by hand' : (fix ?? 'none');
}

/** `error`, or `error or warning` if the minor severity is another one. */
function unlessSame(severities: readonly (string | undefined)[]): string {
  return [...new Set(severities.filter((each) => each !== undefined))].join(' or ');
}
