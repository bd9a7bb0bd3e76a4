import { createHash } from 'node:crypto';
import { fingerprints } from './identity.ts';
import { type FromRoot, lastLine, type LocatedFinding, objectFile, shownAt } from './located.ts';
import type { FindingsReport, RenderedReport } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { truncate } from '../core/base/text.ts';

const MAX_DESCRIPTION = 4000;

/** GitLab has info, minor, major, critical and blocker. */
const SEVERITY = { error: 'critical', warning: 'minor' } as const;

/**
 * The findings as a GitLab Code Quality report: a JSON array, empty without findings. GitLab merges findings with the
 * same fingerprint and compares fingerprints between branches (docs.gitlab.com/ci/testing/code_quality).
 */
export function gitlabReport({ findings, problems, fromRoot }: FindingsReport): RenderedReport {
  const names = fingerprints(findings, fromRoot);
  const issues = [
    ...[...new Set(problems)].map((problem) => problemIssue(problem)),
    ...findings.map((each, index) => toIssue(each, names[index]!, fromRoot)),
  ];
  return { text: `${JSON.stringify(issues, undefined, 2)}\n`, notes: [] };
}

/** Input that could not be read, which would otherwise look like a run without findings. */
function problemIssue(problem: string): object {
  const description = truncate(sanitize(problem), MAX_DESCRIPTION);
  return {
    description,
    check_name: 'input',
    fingerprint: createHash('sha256').update(`input|${problem}`).digest('hex'),
    severity: 'blocker',
    location: { path: '.', lines: { begin: 1, end: 1 } },
  };
}

function toIssue(located: LocatedFinding, fingerprint: string, fromRoot: FromRoot): object {
  const { finding } = located;
  const help = finding.help === undefined ? '' : `; ${finding.help}`;
  return {
    description: truncate(sanitize(`${finding.name}: ${finding.message}${help}`), MAX_DESCRIPTION),
    check_name: finding.code,
    fingerprint,
    severity: SEVERITY[finding.severity],
    location: gitlabLocation(located, fromRoot),
  };
}

/** GitLab requires a path and a line; an object without a file gets a path of its kind and name. */
function gitlabLocation(located: LocatedFinding, fromRoot: FromRoot): object {
  const { finding } = located;
  const { location } = shownAt(located);
  if (location === undefined) {
    const path = finding.object === undefined ? finding.code : objectFile(finding.object).join('/');
    return { path: sanitize(path), lines: { begin: 1, end: 1 } };
  }
  return { path: fromRoot(location.file).path, lines: { begin: location.line, end: lastLine(location) } };
}
