import { truncate } from '../core/base/text.ts';
import { fingerprints } from './fingerprint.ts';
import { type LocatedFinding, shownAt } from './located.ts';
import { lastLine, objectFile } from './place.ts';
import type { FromRoot, Rendered, Report } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';

const MAX_DESCRIPTION = 4000;

/** Of GitLab's info, minor, major, critical and blocker. */
const SEVERITY = { error: 'critical', warning: 'minor' } as const;

/**
 * The findings as a GitLab Code Quality report: a JSON array, empty where there are none. GitLab takes
 * findings of one fingerprint for one finding, and compares fingerprints between branches.
 * See docs.gitlab.com/ci/testing/code_quality.
 */
export function gitlabReport({ findings, fromRoot }: Report): Rendered {
  const names = fingerprints(findings);
  const issues = findings.map((each, index) => toIssue(each, names[index]!, fromRoot));
  return { text: `${JSON.stringify(issues, undefined, 2)}\n`, notes: [] };
}

function toIssue(located: LocatedFinding, fingerprint: string, fromRoot: FromRoot): object {
  const { finding } = located;
  const help = finding.help === undefined ? '' : `; ${finding.help}`;
  return {
    description: truncate(sanitize(`${finding.name}: ${finding.message}${help}`), MAX_DESCRIPTION),
    check_name: finding.code,
    fingerprint,
    severity: SEVERITY[finding.severity],
    location: toLocation(located, fromRoot),
  };
}

/** A path and a first line are required; what came from no file has neither. */
function toLocation(located: LocatedFinding, fromRoot: FromRoot): object {
  const { finding } = located;
  const { location } = shownAt(located);
  if (location === undefined) {
    const path = finding.object === undefined ? finding.code : objectFile(finding.object).join('/');
    return { path: sanitize(path), lines: { begin: 1, end: 1 } };
  }
  return { path: fromRoot(location.file).path, lines: { begin: location.line, end: lastLine(location) } };
}
