import type { Colors } from './colors.ts';
import type { FindingPlace } from '../core/finding.ts';
import { at } from '../core/base/json.ts';
import { type LocatedFinding, type LocatedPlace, objectPlace } from './located.ts';
import { type MarkedLine, markedLine } from './marked-line.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { truncate } from '../core/base/text.ts';
import { type Summary, summaryLine } from './summary.ts';

const MAX_EXCERPT = 120;

/** The findings as text: each with the marked line, the related places and the help. */
export function textReport(findings: readonly LocatedFinding[], summary: Summary, colors: Colors): string {
  const parts = findings.map((finding) => `${textFinding(finding, colors)}\n`);
  parts.push(`${summaryLine(summary)}\n`);
  return parts.join('\n');
}

/** One finding as the text report shows it, without a newline at the end. */
export function textFinding({ finding, span, location, related }: LocatedFinding, colors: Colors): string {
  const tint = finding.severity === 'error' ? colors.red : colors.yellow;
  const lines = [span, ...related.map((each) => each.span)].map((each) => each && markedLine(each));
  const gutter = Math.max(1, ...lines.map((marked) => String(marked?.line ?? '').length));
  const bar = colors.blue(`${' '.repeat(gutter)} |`);
  const output = [
    `${colors.bold(tint(`${finding.severity}[${finding.code}]`))} ${colors.bold(`${finding.name}: ${sanitize(finding.message)}`)}`,
  ];
  const addPlace = (arrow: string, where: string) => {
    output.push(`${' '.repeat(gutter)}${colors.blue(arrow)} ${where}`);
  };
  const addLine = (marked: MarkedLine, sign: string, label: string, ink: (text: string) => string) => {
    const note = label === '' ? '' : ` ${sanitize(label)}`;
    output.push(
      bar,
      `${colors.blue(`${String(marked.line).padStart(gutter)} |`)} ${marked.text}`.trimEnd(),
      `${bar} ${' '.repeat(marked.offset)}${ink(`${sign.repeat(marked.width)}${note}`)}`,
    );
  };

  if (location !== undefined && lines[0] !== undefined) {
    addPlace('-->', `${sanitize(location.file)}:${location.line}:${location.column}`);
    addLine(lines[0], '^', finding.label, tint);
  } else if (finding.object !== undefined) {
    addPlace('-->', sanitize(objectPlace(finding.object, finding.path)));
    const excerpt = excerptOf(finding);
    if (excerpt !== undefined) output.push(bar, `${bar}   ${excerpt}`);
    output.push(bar);
  }
  related.forEach((other, index) => {
    const marked = lines[index + 1];
    if (other.location !== undefined && marked !== undefined) {
      addPlace(':::', `${sanitize(other.location.file)}:${other.location.line}:${other.location.column}`);
      addLine(marked, '-', other.message, colors.blue);
    } else {
      addPlace(':::', relatedPlace(other));
    }
  });
  if (finding.help !== undefined) output.push(`${' '.repeat(gutter)} = help: ${sanitize(finding.help)}`);
  output.push(`${' '.repeat(gutter)} = docs: ${finding.docs}`);
  return output.join('\n');
}

/** The field and its value if the object is in no file and the value fits on a line. */
function excerptOf({ path, resource }: FindingPlace): string | undefined {
  const key = path.at(-1);
  const value = resource === undefined || key === undefined ? undefined : at(resource.json, path);
  if (value === undefined || (typeof value === 'object' && value !== null)) return undefined;
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return sanitize(truncate(typeof key === 'number' ? `- ${text}` : `${key}: ${text}`, MAX_EXCERPT));
}

function relatedPlace({ place, message }: LocatedPlace): string {
  const { resource, path } = place;
  return sanitize(resource === undefined ? message : `${objectPlace(resource.ref, path)}: ${message}`);
}
