import { truncate } from '../core/base/text.ts';
import type { Severity } from '../core/base/config.ts';
import { type LocatedFinding, shownAt } from './located.ts';
import { lastLine, placeText } from './place.ts';
import type { FromRoot, Rendered, Report } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { count, summaryLine } from './summary.ts';

/** GitHub shows this many annotations of a kind and step, and passes over the rest in silence. */
const MAX_ANNOTATIONS = 10;
const MAX_MESSAGE = 4000;

/**
 * The findings as workflow commands of GitHub Actions: each becomes an annotation at its line. Errors
 * come first. Those beyond what GitHub shows are plain lines of the log, and a notice says how many.
 * See docs.github.com/actions/reference/workflow-commands-for-github-actions.
 */
export function githubReport({ findings, summary, fromRoot }: Report): Rendered {
  const errors = findings.filter((each) => each.finding.severity === 'error');
  const warnings = findings.filter((each) => each.finding.severity === 'warning');
  const shown = [...errors.slice(0, MAX_ANNOTATIONS), ...warnings.slice(0, MAX_ANNOTATIONS)];
  const moreErrors = errors.slice(MAX_ANNOTATIONS);
  const moreWarnings = warnings.slice(MAX_ANNOTATIONS);
  const more = [...moreErrors, ...moreWarnings];
  const lines = [
    ...shown.map((each) => annotation(each, fromRoot)),
    ...more.map((each) => plainLine(`${severityWord(each)}: ${text(each, fromRoot)}`)),
  ];
  const notes: string[] = [];
  if (more.length > 0) {
    const left = [
      ...(moreErrors.length > 0 ? [count(moreErrors.length, 'error')] : []),
      ...(moreWarnings.length > 0 ? [count(moreWarnings.length, 'warning')] : []),
    ].join(' and ');
    const note = `${left} without an annotation: GitHub shows ${MAX_ANNOTATIONS} errors and ${MAX_ANNOTATIONS} warnings a step`;
    lines.push(command('notice', { title: 'iomesh-guard' }, `${note}; the rest is in the log`));
    notes.push(`github: ${note}`);
  }
  lines.push(plainLine(summaryLine(summary)));
  return { text: `${lines.join('\n')}\n`, notes };
}

function annotation(located: LocatedFinding, fromRoot: FromRoot): string {
  const { finding } = located;
  const { location } = shownAt(located);
  const properties: Record<string, string | number> = {};
  const file = location === undefined ? undefined : fromRoot(location.file);
  const placed = location !== undefined && file !== undefined && file.kind !== 'input';
  if (placed) {
    const end = lastLine(location);
    properties['file'] = file.path.replaceAll(CONTROL, sanitize);
    properties['line'] = location.line;
    properties['endLine'] = end;
    // Columns mean something within one line only.
    if (end === location.line) {
      properties['col'] = location.column;
      properties['endColumn'] = location.endLine === end ? location.endColumn : location.column;
    }
  }
  properties['title'] = `${finding.code} ${finding.name}`;
  const help = finding.help === undefined ? '' : `\n${sanitize(finding.help)}`;
  const isOwn = placed && located.location !== undefined;
  const place = isOwn ? '' : sanitize(placeText(located, fromRoot));
  const message = `${place === '' ? '' : `${place}: `}${sanitize(finding.message)}`;
  return command(severityWord(located), properties, truncate(`${message}${help}`, MAX_MESSAGE));
}

function command(
  name: Severity | 'notice',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}`;
}

function text(located: LocatedFinding, fromRoot: FromRoot): string {
  const { finding } = located;
  const place = placeText(located, fromRoot);
  return `${place === '' ? '' : `${place}: `}${finding.code} ${finding.name}: ${finding.message}`;
}

function severityWord({ finding }: LocatedFinding): Severity {
  return finding.severity;
}

/** A line of the log that the runner takes for nothing else. */
function plainLine(line: string): string {
  return truncate(sanitize(line), MAX_MESSAGE);
}

/** What would act on a terminal that shows the log; line ends are escaped as the runner has it. */
const CONTROL = /[^\P{Cc}\r\n]/gu;

function escapeData(data: string): string {
  return data.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
