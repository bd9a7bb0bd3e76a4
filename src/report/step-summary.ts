import { type FromRoot, type LocatedFinding, placeText } from './located.ts';
import type { FindingsReport, RenderedReport } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { truncate } from '../core/base/text.ts';
import { count, summaryLine } from './summary.ts';

const MAX_CELL = 1000;
/** Room for the line with the number of omitted findings. */
const RESERVE = 200;

/** The findings as Markdown for a GitHub job summary of at most `limit` bytes: errors first, then the number of omitted rows. */
export function stepSummary(
  { findings, summary, problems, fromRoot }: FindingsReport,
  limit: number,
): RenderedReport {
  const errorsFirst = [
    ...findings.filter((each) => each.finding.severity === 'error'),
    ...findings.filter((each) => each.finding.severity === 'warning'),
  ];
  const head = [
    '### iomesh-guard',
    '',
    escapeMarkdown(summaryLine(summary, problems.length === 0)),
    '',
    ...problems.slice(0, 20).flatMap((each) => [`- **error**: ${cell(each)}`]),
    ...(problems.length > 0 ? [''] : []),
    ...(findings.length > 0 ? ['| severity | rule | place | message |', '|---|---|---|---|'] : []),
  ];
  const lines = [...head];
  let size = Buffer.byteLength(`${head.join('\n')}\n`);
  let rows = 0;
  for (const each of errorsFirst) {
    const line = findingRow(each, fromRoot);
    const bytes = Buffer.byteLength(line) + 1;
    if (size + bytes + RESERVE > limit) break;
    lines.push(line);
    size += bytes;
    rows += 1;
  }
  const omitted = errorsFirst.length - rows;
  const notes: string[] = [];
  if (omitted > 0) {
    const note = `${count(omitted, 'finding')} omitted from the job summary, because GitHub accepts 1 MiB per step`;
    lines.push('', note);
    notes.push(`github: ${note}`);
  }
  const text = `${lines.join('\n')}\n\n`;
  return size + RESERVE > limit ? { text: '', notes: ['github: the job summary is full'] } : { text, notes };
}

function findingRow(located: LocatedFinding, fromRoot: FromRoot): string {
  const { finding } = located;
  const help = finding.help === undefined ? '' : `<br>${cell(finding.help)}`;
  return `| ${finding.severity} | ${finding.code} ${cell(finding.name)} | ${cell(placeText(located, fromRoot))} | ${cell(finding.message)}${help} |`;
}

function cell(text: string): string {
  return escapeMarkdown(truncate(text, MAX_CELL));
}

/** Untrusted text as one line of Markdown without markup, HTML, links or mentions. */
function escapeMarkdown(text: string): string {
  return sanitize(text).replaceAll(/[&<>"'`|*_~[\]{}!#@:\\$^]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
