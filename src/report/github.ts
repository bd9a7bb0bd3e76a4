import { type FromRoot, lastLine, type LocatedFinding, placeText, shownAt } from './located.ts';
import type { FindingsReport, RenderedReport } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { truncate } from '../core/base/text.ts';
import { count, summaryLine } from './summary.ts';

/** GitHub ignores further annotations of one type and step: https://github.com/orgs/community/discussions/26680. */
const MAX_ANNOTATIONS = 10;
const MAX_MESSAGE = 4000;

/**
 * The findings as workflow commands of GitHub Actions: each becomes an annotation at its line, errors first. Findings
 * beyond the limit of GitHub are plain lines of the log, and a notice says how many. See
 * docs.github.com/actions/reference/workflow-commands-for-github-actions.
 */
export function githubReport({ findings, summary, problems, fromRoot }: FindingsReport): RenderedReport {
  const errors = findings.filter((each) => each.finding.severity === 'error');
  const warnings = findings.filter((each) => each.finding.severity === 'warning');
  const causes = problems.slice(0, MAX_ANNOTATIONS);
  const room = MAX_ANNOTATIONS - causes.length;
  const annotated = [...errors.slice(0, room), ...warnings.slice(0, MAX_ANNOTATIONS)];
  const moreErrors = errors.slice(room);
  const moreWarnings = warnings.slice(MAX_ANNOTATIONS);
  const more = [...moreErrors, ...moreWarnings];
  const lines = [
    ...causes.map((cause) =>
      workflowCommand('error', { title: 'iomesh-guard' }, truncate(sanitize(cause), MAX_MESSAGE)),
    ),
    ...annotated.map((each) => annotation(each, fromRoot)),
    ...more.map((each) => logLine(findingLine(each, fromRoot))),
  ];
  const notes: string[] = [];
  if (more.length > 0) {
    const counts = [
      ...(moreErrors.length > 0 ? [count(moreErrors.length, 'error')] : []),
      ...(moreWarnings.length > 0 ? [count(moreWarnings.length, 'warning')] : []),
    ].join(' and ');
    const note = `${counts} without an annotation, because GitHub shows ${MAX_ANNOTATIONS} errors and ${MAX_ANNOTATIONS} warnings per step`;
    lines.push(workflowCommand('notice', { title: 'iomesh-guard' }, `${note}; see the log for the rest`));
    notes.push(`github: ${note}`);
  }
  lines.push(logLine(summaryLine(summary, problems.length === 0)));
  return { text: `${lines.join('\n')}\n`, notes };
}

function annotation(located: LocatedFinding, fromRoot: FromRoot): string {
  const { finding } = located;
  const { location } = shownAt(located);
  const properties: Record<string, string | number> = {};
  const file = location === undefined ? undefined : fromRoot(location.file);
  const inFile = location !== undefined && file !== undefined && file.kind !== 'input';
  if (inFile) {
    const end = lastLine(location);
    properties['file'] = file.path.replaceAll(CONTROL, sanitize);
    properties['line'] = location.line;
    properties['endLine'] = end;
    // GitHub uses columns only within one line.
    if (end === location.line) {
      properties['col'] = location.column;
      properties['endColumn'] = location.endLine === end ? location.endColumn : location.column;
    }
  }
  properties['title'] = `${finding.code} ${finding.name}`;
  const help = finding.help === undefined ? '' : `\n${sanitize(finding.help)}`;
  const ownPlace = inFile && located.location !== undefined;
  const place = ownPlace ? '' : sanitize(placeText(located, fromRoot));
  const message = `${place === '' ? '' : `${place}: `}${sanitize(finding.message)}`;
  return workflowCommand(finding.severity, properties, truncate(`${message}${help}`, MAX_MESSAGE));
}

function workflowCommand(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}`;
}

function findingLine(located: LocatedFinding, fromRoot: FromRoot): string {
  const { severity, code, name, message } = located.finding;
  const place = placeText(located, fromRoot);
  return `${severity}: ${place === '' ? '' : `${place}: `}${code} ${name}: ${message}`;
}

/** A line of the log that is not a workflow command. */
function logLine(line: string): string {
  return truncate(sanitize(line), MAX_MESSAGE);
}

/** Control characters that act on a terminal; the runner has its own escapes for line ends. */
const CONTROL = /[^\P{Cc}\r\n]/gu;

function escapeData(data: string): string {
  return data.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
