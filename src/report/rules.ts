import type { Rule, Severities } from '../core/rule.ts';

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
      rule.doc.summary,
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
    summary: rule.doc.summary,
    severity: rule.severity,
    lesserSeverity: rule.minor,
    fix: rule.fix,
    docs: `docs/rules/${rule.code}.md`,
  }));
  return `${JSON.stringify({ version: 1, rules: list }, undefined, 2)}\n`;
}

/** A rule's page, in Markdown: what `explain` prints and `docs/rules/` holds. */
export function rulePage(rule: Rule): string {
  const { doc } = rule;
  const facts = [`lint: ${lint(rule)}`, `kubectl: ${kubectl(rule)}`, `fix: ${rule.fix ?? 'none'}`];
  return [
    `# ${rule.code} ${rule.name}`,
    '',
    doc.summary,
    '',
    facts.join(' · '),
    '',
    '## Why it matters',
    '',
    doc.why.trim(),
    '',
    '## Violates it',
    '',
    '```yaml',
    doc.bad.trim(),
    '```',
    '',
    '## Keeps it',
    '',
    '```yaml',
    doc.good.trim(),
    '```',
    '',
    '## What to do',
    '',
    doc.remedy.trim(),
    '',
    '## What it stands on',
    '',
    doc.basis.trim(),
    '',
  ].join('\n');
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
