import type { Colors } from './colors.ts';
import { appliedWaiverText } from '../core/base/waivers.ts';
import type { Finding, FindingPlace, WaivedFinding } from '../core/finding.ts';
import { at } from '../core/base/json.ts';
import { type LocatedFinding, type LocatedPlace, objectPlace } from './located.ts';
import { type MarkedLine, markedLine } from './marked-line.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { truncate } from '../core/base/text.ts';
import type { FindingsReport } from './report.ts';
import { type Summary, summaryLine } from './summary.ts';

const MAX_EXCERPT = 120;

/**
 * The findings as text: each with the marked line, the related places and the help. Waived findings of a
 * cluster are listed too; in a file the waiver is next to what it waives.
 */
export function textReport(
  { findings, waived, summary, problems }: TextInput & Pick<FindingsReport, 'waived'>,
  colors: Colors,
): string {
  const parts = findings.map((finding) => `${textFinding(finding, colors)}\n`);
  if (summary.files === 0) parts.push(...waived.map((each) => `${waivedText(each.finding, colors)}\n`));
  return [...parts, lastLines(findings, summary, problems)].join('\n');
}

/** The findings as text, one a line, without excerpts, help and other places. */
export function conciseReport({ findings, summary, problems }: TextInput, colors: Colors): string {
  const lines = findings.map(({ finding, location, span }) => {
    const place =
      location === undefined
        ? finding.object && objectPlace(finding.object, finding.path)
        : `${location.file}:${location.line}:${location.column}`;
    const tint = finding.severity === 'error' ? colors.red : colors.yellow;
    const flag = fixFlag({ finding, span });
    const rule = `${tint(`${finding.severity}[${finding.code}]`)} ${finding.name}: ${sanitize(finding.message)}`;
    const world = finding.world === undefined ? '' : ` [${sanitize(finding.world)}]`;
    return `${place === undefined ? '' : `${sanitize(place)}: `}${rule}${world}${flag === undefined ? '' : ` (${flag})`}\n`;
  });
  return [...lines, lastLines(findings, summary, problems)].join('');
}

/** The number of findings of each rule, most frequent first. */
export function statisticsReport({ findings, summary, problems }: TextInput): string {
  const rules = new Map<string, { readonly finding: Finding; number: number; readonly flags: Set<string> }>();
  for (const each of findings) {
    const { finding } = each;
    const rule = rules.get(finding.code) ?? { finding, number: 0, flags: new Set() };
    rules.set(finding.code, rule);
    rule.number += 1;
    const flag = fixFlag(each);
    if (flag !== undefined) rule.flags.add(flag);
  }
  const sorted = [...rules.values()].sort((a, b) => b.number - a.number);
  const width = String(sorted[0]?.number ?? 0).length;
  const lines = sorted.map(({ finding: { code, name }, number, flags }) => {
    const fixes = flags.size === 0 ? '' : ` (${[...flags].sort().join(', ')})`;
    return `${String(number).padStart(width)} ${code} ${name}${fixes}\n`;
  });
  return [...lines, lastLines(findings, summary, problems)].join('');
}

/** The part of a report that a text shows. */
type TextInput = Pick<FindingsReport, 'findings' | 'summary' | 'problems'>;

function lastLines(
  findings: readonly LocatedFinding[],
  summary: Summary,
  problems: readonly string[],
): string {
  const flags = findings.map(fixFlag);
  const safe = flags.filter((flag) => flag === '--fix').length;
  const unsafe = flags.filter((flag) => flag === '--unsafe-fixes').length;
  const fixable = [
    ...(safe > 0 ? [`${safe} fixable with --fix`] : []),
    ...(unsafe > 0 ? [`${unsafe} ${safe > 0 ? 'more' : 'fixable'} with --fix --unsafe-fixes`] : []),
  ];
  const end = summaryLine(summary, problems.length === 0);
  return `${end}\n${fixable.length > 0 ? `${fixable.join(', ')}\n` : ''}`;
}

/** The flag that fixes a finding; undefined without a fix, and for what is in no file that a fix edits. */
function fixFlag({ finding, span }: Pick<LocatedFinding, 'finding' | 'span'>): string | undefined {
  if (span === undefined || span.file.isInText === true || finding.fix === undefined) return undefined;
  const { safety } = finding.fix;
  return safety === 'safe' ? '--fix' : safety === 'unsafe' ? '--unsafe-fixes' : undefined;
}

function waivedText({ code, name, message, object, path, waiver }: WaivedFinding, colors: Colors): string {
  return [
    `${colors.bold(colors.blue(`waived[${code}]`))} ${colors.bold(`${name}: ${sanitize(message)}`)}`,
    ...(object === undefined ? [] : [` ${colors.blue('-->')} ${sanitize(objectPlace(object, path))}`]),
    `  = ${sanitize(appliedWaiverText(waiver))}`,
  ].join('\n');
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
  if (finding.world !== undefined) output.push(`${' '.repeat(gutter)} = world: ${sanitize(finding.world)}`);
  if (finding.help !== undefined) output.push(`${' '.repeat(gutter)} = help: ${sanitize(finding.help)}`);
  const flag = fixFlag({ finding, span });
  if (flag !== undefined) output.push(`${' '.repeat(gutter)} = fix: ${flag}`);
  output.push(`${' '.repeat(gutter)} = more: iomesh-guard explain ${finding.code}`);
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
