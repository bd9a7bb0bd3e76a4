import { truncate } from '../core/base/text.ts';
import type { Colors } from './colors.ts';
import type { FindingPlace } from '../core/finding.ts';
import { at } from '../core/base/json.ts';
import { displayName, type ObjectRef } from '../core/base/model.ts';
import { formatPath } from '../core/base/path.ts';
import { frameOf } from './frame.ts';
import type { LocatedFinding, LocatedPlace } from './located.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { type Summary, summaryLine } from './summary.ts';

const MAX_EXCERPT = 120;

/** The findings for a person: each with its text marked, the other side, and the way out. */
export function textReport(findings: readonly LocatedFinding[], summary: Summary, colors: Colors): string {
  const parts = findings.map((finding) => `${textFinding(finding, colors)}\n`);
  parts.push(`${summaryLine(summary)}\n`);
  return parts.join('\n');
}

/** One finding as the text report shows it, without a line end. */
export function textFinding({ finding, span, location, related }: LocatedFinding, colors: Colors): string {
  const tint = finding.severity === 'error' ? colors.red : colors.yellow;
  const frames = [span, ...related.map((each) => each.span)].map((each) => each && frameOf(each));
  const gutter = Math.max(1, ...frames.map((frame) => String(frame?.line ?? '').length));
  const bar = colors.blue(`${' '.repeat(gutter)} |`);
  const lines = [
    `${colors.bold(tint(`${finding.severity}[${finding.code}]`))} ${colors.bold(`${finding.name}: ${sanitize(finding.message)}`)}`,
  ];
  const place = (arrow: string, where: string) => {
    lines.push(`${' '.repeat(gutter)}${colors.blue(arrow)} ${where}`);
  };
  const mark = (
    frame: ReturnType<typeof frameOf>,
    sign: string,
    label: string,
    ink: (text: string) => string,
  ) => {
    lines.push(bar);
    lines.push(`${colors.blue(`${String(frame.line).padStart(gutter)} |`)} ${frame.text}`.trimEnd());
    const note = label === '' ? '' : ` ${sanitize(label)}`;
    lines.push(`${bar} ${' '.repeat(frame.offset)}${ink(`${sign.repeat(frame.width)}${note}`)}`);
  };

  if (location !== undefined && frames[0] !== undefined) {
    place('-->', `${sanitize(location.file)}:${location.line}:${location.column}`);
    mark(frames[0], '^', finding.label, tint);
  } else if (finding.object !== undefined) {
    place('-->', objectPlace(finding.object, formatPath(finding.path)));
    const excerpt = excerptOf(finding);
    if (excerpt !== undefined) lines.push(bar, `${bar}   ${excerpt}`);
    lines.push(bar);
  }
  related.forEach((other, index) => {
    const frame = frames[index + 1];
    if (other.location !== undefined && frame !== undefined) {
      place(':::', `${sanitize(other.location.file)}:${other.location.line}:${other.location.column}`);
      mark(frame, '-', other.message, colors.blue);
    } else {
      place(':::', relatedPlace(other));
    }
  });
  if (finding.help !== undefined) lines.push(`${' '.repeat(gutter)} = help: ${sanitize(finding.help)}`);
  lines.push(`${' '.repeat(gutter)} = docs: ${finding.docs}`);
  return lines.join('\n');
}

function objectPlace(ref: ObjectRef, path: string): string {
  return sanitize(`${ref.kind} ${displayName(ref)}${path === '' ? '' : `, ${path}`}`);
}

/** Of an object that came from no file: the field in question, where its value fits on a line. */
function excerptOf({ path, resource }: FindingPlace): string | undefined {
  const key = path.at(-1);
  const value = resource === undefined || key === undefined ? undefined : at(resource.json, path);
  if (value === undefined || (typeof value === 'object' && value !== null)) return undefined;
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return sanitize(truncate(typeof key === 'number' ? `- ${shown}` : `${key}: ${shown}`, MAX_EXCERPT));
}

function relatedPlace({ place, message }: LocatedPlace): string {
  const where = place.resource === undefined ? '' : objectPlace(place.resource.ref, formatPath(place.path));
  return where === '' ? sanitize(message) : `${where}: ${sanitize(message)}`;
}
