import { truncate } from '../core/base/text.ts';
import type { LocatedFinding } from './located.ts';
import { placeText } from './place.ts';
import type { FromRoot, Rendered, Report } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { count, summaryLine } from './summary.ts';

const MAX_CELL = 1000;
/** Room for the line that says what was left out. */
const RESERVE = 200;

/**
 * The findings as the Markdown of a GitHub job summary, of at most `limit` bytes: errors first, and
 * where rows had to be left out, how many.
 */
export function stepSummary({ findings, summary, problems, fromRoot }: Report, limit: number): Rendered {
  const errorsFirst = [
    ...findings.filter((each) => each.finding.severity === 'error'),
    ...findings.filter((each) => each.finding.severity === 'warning'),
  ];
  const head = [
    '### iomesh-guard',
    '',
    escapeMarkdown(summaryLine(summary)),
    '',
    ...problems.slice(0, 20).flatMap((each) => [`- **not read**: ${cell(each)}`]),
    ...(problems.length > 0 ? [''] : []),
    ...(findings.length > 0 ? ['| severity | rule | place | what is wrong |', '|---|---|---|---|'] : []),
  ];
  const lines = [...head];
  let size = Buffer.byteLength(`${head.join('\n')}\n`);
  let rows = 0;
  for (const each of errorsFirst) {
    const line = row(each, fromRoot);
    const bytes = Buffer.byteLength(line) + 1;
    if (size + bytes + RESERVE > limit) break;
    lines.push(line);
    size += bytes;
    rows += 1;
  }
  const left = errorsFirst.length - rows;
  const notes: string[] = [];
  if (left > 0) {
    const note = `${count(left, 'finding')} left out of the job summary: GitHub takes no more than 1 MiB a step`;
    lines.push('', note);
    notes.push(`github: ${note}`);
  }
  const text = `${lines.join('\n')}\n\n`;
  return size + RESERVE > limit
    ? { text: '', notes: ['github: no room is left in the job summary'] }
    : { text, notes };
}

function row(located: LocatedFinding, fromRoot: FromRoot): string {
  const { finding } = located;
  const help = finding.help === undefined ? '' : `<br>${cell(finding.help)}`;
  return `| ${finding.severity} | ${finding.code} ${cell(finding.name)} | ${cell(placeText(located, fromRoot))} | ${cell(finding.message)}${help} |`;
}

function cell(text: string): string {
  return escapeMarkdown(truncate(text, MAX_CELL));
}

/** Text from outside as Markdown that shows just that text: no markup, no HTML, no link, no mention, one line. */
function escapeMarkdown(text: string): string {
  return sanitize(text).replaceAll(/[&<>"'`|*_~[\]{}!#@:\\$^]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
