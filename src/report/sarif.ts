import { gzipSync } from 'node:zlib';
import { rules } from '../core/judge/catalogue.ts';
import { fingerprints } from './identity.ts';
import type { LocatedFinding } from './located.ts';
import type { FindingsReport, RenderedReport } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { MAX_RELATED_LOCATIONS, SarifResults } from './sarif/result.ts';
import { sarifRule } from './sarif/rules.ts';
import { count } from './summary.ts';

/** Replaced by the build, from package.json. */
declare const IOMESH_GUARD_VERSION: string | undefined;

/** 0.0.0 if the program runs from its sources. */
const TOOL_VERSION = typeof IOMESH_GUARD_VERSION === 'string' ? IOMESH_GUARD_VERSION : '0.0.0';

/** GitHub rejects a run with more results, and shows only SHOWN_RESULTS of them. */
const MAX_RESULTS = 25_000;
const SHOWN_RESULTS = 5000;
/** GitHub rejects a larger upload after compression. */
const MAX_COMPRESSED = 10_000_000;

/**
 * The findings as SARIF 2.1.0, within the limits of GitHub code scanning (docs.github.com/code-security, "SARIF support
 * for code scanning"). Waived findings are only counted: GitHub ignores `suppressions` and would open an alert for each.
 */
export function sarifReport(report: FindingsReport): RenderedReport {
  let limit = MAX_RESULTS;
  for (;;) {
    const rendered = renderResults(report, limit);
    // A short text needs no compression: UTF-8 has at most three bytes per UTF-16 unit.
    if (rendered.text.length < MAX_COMPRESSED / 4 || gzipSync(rendered.text).length <= MAX_COMPRESSED)
      return rendered;
    const results = Math.min(limit, report.findings.length);
    if (results <= 1) return rendered;
    limit = results >> 1;
  }
}

function renderResults(report: FindingsReport, limit: number): RenderedReport {
  const names = new Map(
    fingerprints(report.findings, report.fromRoot).map(
      (name, index) => [report.findings[index]!, name] as const,
    ),
  );
  const kept = mostImportant(report.findings, limit);
  const omitted = report.findings.length - kept.length;
  const notes = [
    ...(omitted > 0
      ? [
          `sarif: ${count(omitted, 'finding')} omitted, warnings first, because GitHub accepts ${MAX_RESULTS} results and 10 MB`,
        ]
      : []),
    ...(kept.length > SHOWN_RESULTS
      ? [`sarif: GitHub shows the ${SHOWN_RESULTS} most severe of ${kept.length} results`]
      : []),
    ...(kept.some((each) => each.related.length > MAX_RELATED_LOCATIONS)
      ? ['sarif: related places omitted, because GitHub shows 100 per result']
      : []),
  ];
  const worlds = report.worlds ?? [undefined];
  const results = new SarifResults(report.fromRoot, new Map(rules.map((rule, index) => [rule.code, index])));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: worlds.map((world) => {
      const inWorld = kept.filter((each) => each.finding.world === world);
      return {
        tool: {
          driver: {
            name: 'iomesh-guard',
            version: TOOL_VERSION,
            semanticVersion: TOOL_VERSION,
            rules: rules.map(sarifRule),
          },
        },
        // GitHub keeps the results of each category apart.
        ...(world === undefined ? {} : { automationDetails: { id: `iomesh-guard/${world}/` } }),
        invocations: [invocation(report, notes)],
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        results: inWorld.map((each) => results.result(each, names.get(each)!)),
        properties: { waived: report.summary.waived },
      };
    }),
  };
  return { text: `${JSON.stringify(log, undefined, 1)}\n`, notes };
}

/** At most `limit` findings in their order, errors before warnings. */
function mostImportant(findings: readonly LocatedFinding[], limit: number): readonly LocatedFinding[] {
  if (findings.length <= limit) return findings;
  const errors = findings.filter((each) => each.finding.severity === 'error').slice(0, limit);
  const warnings = findings
    .filter((each) => each.finding.severity === 'warning')
    .slice(0, limit - errors.length);
  const kept = new Set([...errors, ...warnings]);
  return findings.filter((each) => kept.has(each));
}

function invocation({ problems, notes }: FindingsReport, warnings: readonly string[]): object {
  const notify = (level: string) => (text: string) => ({ level, message: { text: sanitize(text) } });
  return {
    executionSuccessful: problems.length === 0,
    toolExecutionNotifications: [
      ...problems.map(notify('error')),
      ...warnings.map(notify('warning')),
      ...notes.map(notify('note')),
    ],
  };
}
