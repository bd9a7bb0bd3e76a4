import { gzipSync } from 'node:zlib';
import { rules } from '../core/judge/catalogue.ts';
import { fingerprints } from './fingerprint.ts';
import type { LocatedFinding } from './located.ts';
import type { Rendered, Report } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { MAX_RELATED, SarifResults } from './sarif/result.ts';
import { sarifRule } from './sarif/rules.ts';
import { count } from './summary.ts';
import { VERSION } from './version.ts';

/** GitHub refuses a run with more results, and shows no more than the second number of them. */
const MAX_RESULTS = 25_000;
const SHOWN_RESULTS = 5000;
/** GitHub refuses a larger upload; uploads are compressed. */
const MAX_COMPRESSED = 10_000_000;

/**
 * The findings as SARIF 2.1.0, within what GitHub code scanning takes. Waived findings are left out and
 * counted: GitHub ignores `suppressions` and would open an alert for each. See
 * docs.github.com/code-security, "SARIF support for code scanning".
 */
export function sarifReport(report: Report): Rendered {
  let limit = MAX_RESULTS;
  for (;;) {
    const rendered = render(report, limit);
    // A small text needs no try: UTF-8 takes at most three bytes a character.
    if (rendered.text.length < MAX_COMPRESSED / 4 || gzipSync(rendered.text).length <= MAX_COMPRESSED)
      return rendered;
    const results = Math.min(limit, report.findings.length);
    if (results <= 1) return rendered;
    limit = results >> 1;
  }
}

function render(report: Report, limit: number): Rendered {
  const names = new Map(
    fingerprints(report.findings).map((name, index) => [report.findings[index]!, name] as const),
  );
  const kept = mostImportant(report.findings, limit);
  const left = report.findings.length - kept.length;
  const notes = [
    ...(left > 0
      ? [
          `sarif: ${count(left, 'finding')} left out, warnings first: GitHub takes ${MAX_RESULTS} results and 10 MB`,
        ]
      : []),
    ...(kept.length > SHOWN_RESULTS
      ? [`sarif: GitHub shows the gravest ${SHOWN_RESULTS} of ${kept.length} results`]
      : []),
    ...(kept.some((each) => each.related.length > MAX_RELATED)
      ? [`sarif: GitHub shows 100 places a result; those beyond were left out`]
      : []),
  ];
  const results = new SarifResults(report.fromRoot, new Map(rules.map((rule, index) => [rule.code, index])));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'iomesh-guard',
            version: VERSION,
            semanticVersion: VERSION,
            rules: rules.map(sarifRule),
          },
        },
        invocations: [invocation(report, notes)],
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        results: kept.map((each) => results.result(each, names.get(each)!)),
        properties: { waived: report.summary.waived },
      },
    ],
  };
  return { text: `${JSON.stringify(log, undefined, 1)}\n`, notes };
}

/** At most so many findings, errors rather than warnings, in their order. */
function mostImportant(findings: readonly LocatedFinding[], limit: number): readonly LocatedFinding[] {
  if (findings.length <= limit) return findings;
  const errors = findings.filter((each) => each.finding.severity === 'error').slice(0, limit);
  const warnings = findings
    .filter((each) => each.finding.severity === 'warning')
    .slice(0, limit - errors.length);
  const kept = new Set([...errors, ...warnings]);
  return findings.filter((each) => kept.has(each));
}

function invocation({ problems, notes }: Report, left: readonly string[]): object {
  const notify = (level: string) => (text: string) => ({ level, message: { text: sanitize(text) } });
  return {
    executionSuccessful: problems.length === 0,
    toolExecutionNotifications: [
      ...problems.map(notify('error')),
      ...left.map(notify('warning')),
      ...notes.map(notify('note')),
    ],
  };
}
