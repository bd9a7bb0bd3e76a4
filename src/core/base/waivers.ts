import type { Config, ConfiguredException, WaiverSettings } from './config.ts';
import { at } from './json.ts';
import { describe, type ObjectRef, type Resource, type SourceComment } from './model.ts';
import type { Path } from './path.ts';
import { quoted } from './text.ts';

/** The annotation that waives findings of its object. */
export const WAIVE_ANNOTATION = 'iomesh-guard.io/waive';
export const WAIVE_PATH: Path = ['metadata', 'annotations', WAIVE_ANNOTATION];

/** One entry of a waive annotation: `IOM604=planned doubling, ticket 4711; until=2027-01-31`. */
export interface Waiver {
  /** The text before the equals sign: the code or name of a rule. */
  readonly rule: string;
  readonly reason: string;
  /** The last day on which it is valid, `YYYY-MM-DD`; undefined if it does not expire. */
  readonly until: string | undefined;
  /** The text of `until` if it is not a date. */
  readonly badDate: string | undefined;
  /** The comment in a file; undefined for an entry of an annotation. */
  readonly comment?: SourceComment | undefined;
}

/** A longer annotation is ignored and reported. */
export const MAX_WAIVE_LENGTH = 4096;

/** The waivers of an object: those of its annotation, and of the comments in its file. */
export function waiversOf(resource: Resource): readonly Waiver[] {
  const annotated = annotatedWaivers(resource);
  const comments = resource.source?.comments?.() ?? [];
  return comments.length === 0
    ? annotated
    : [...annotated, ...comments.flatMap((each) => commentWaiver(each) ?? [])];
}

const COMMENT = /^waive\b(?:\s+([^\s=:]+))?[\s=:]*(.*)$/i;
const UNTIL = /^(.*?)[;,]?\s*\buntil[\s=]+(\d\S*)$/i;
/** By comment, so that a waiver that several objects share is one. */
const COMMENTS = new WeakMap<SourceComment, Waiver>();

/** `waive IOM604 planned doubling, ticket 4711 until 2027-01-31`; undefined for another comment. */
function commentWaiver(comment: SourceComment): Waiver | undefined {
  const known = COMMENTS.get(comment);
  if (known !== undefined) return known;
  const [, rule = '', rest = ''] = COMMENT.exec(comment.text.slice(0, MAX_WAIVE_LENGTH).trim()) ?? [];
  if (!/^waive\b/i.test(comment.text.trim())) return undefined;
  const [, before = rest, day] = UNTIL.exec(rest.trim()) ?? [];
  const isDate = day !== undefined && isDay(day);
  const waiver: Waiver = {
    rule,
    reason: before.trim(),
    until: isDate ? day : undefined,
    badDate: isDate ? undefined : day,
    comment,
  };
  COMMENTS.set(comment, waiver);
  return waiver;
}

/**
 * The waivers in the annotation of an object. Entries are separated by `;` or line ends. `until=` applies to the entry before
 * it. Text that does not start with `WORD=` continues the reason, so a reason can contain a semicolon.
 */
export function annotatedWaivers(resource: Resource): readonly Waiver[] {
  const text = at(resource.json, WAIVE_PATH);
  if (typeof text !== 'string' || text.length > MAX_WAIVE_LENGTH) return [];
  const waivers: Waiver[] = [];
  for (const part of text.split(/[;\r\n]/)) {
    const entry = part.trim();
    if (entry === '') continue;
    const equals = entry.indexOf('=');
    const left = (equals < 0 ? entry : entry.slice(0, equals)).trim();
    const right = equals < 0 ? '' : entry.slice(equals + 1).trim();
    const last = waivers.at(-1);
    if (left.toLowerCase() === 'until' && last !== undefined) {
      const badDate = isDay(right) ? undefined : right;
      waivers[waivers.length - 1] = { ...last, until: badDate === undefined ? right : undefined, badDate };
    } else if (last !== undefined && last.reason !== '' && /\s/.test(left)) {
      waivers[waivers.length - 1] = { ...last, reason: `${last.reason}; ${entry}` };
    } else {
      waivers.push({ rule: left, reason: right, until: undefined, badDate: undefined });
    }
  }
  return waivers;
}

/** True if a waiver has a reason and a valid last day that has not passed. */
export function isValidWaiver(waiver: Waiver, today: string, settings: WaiverSettings): boolean {
  return (
    waiver.reason !== '' &&
    waiver.badDate === undefined &&
    !isExpired(waiver, today) &&
    !isUnlimited(waiver, settings) &&
    !isTooLong(waiver, today, settings)
  );
}

/** True after the last day of a waiver. */
export function isExpired({ until }: Pick<Waiver, 'until'>, today: string): boolean {
  return until !== undefined && until < today;
}

/** True for a waiver without the last day that the configuration requires. */
export function isUnlimited({ until }: Waiver, { maxDays, requireUntil }: WaiverSettings): boolean {
  return until === undefined && (requireUntil || maxDays !== undefined);
}

/** True if the last day of a waiver is later than the configuration allows. */
export function isTooLong({ until }: Waiver, today: string, { maxDays }: WaiverSettings): boolean {
  return until !== undefined && maxDays !== undefined && until > lastDayAllowed(today, maxDays);
}

/** The day that is a number of days after another one. */
export function lastDayAllowed(today: string, maxDays: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + maxDays * 86_400_000).toISOString().slice(0, 10);
}

/** A rule, as waivers name it. */
export interface WaivedRule {
  readonly code: string;
  readonly name: string;
}

/** The exceptions of the configuration for a rule on an object, expired ones too. */
export function exceptionsFor(
  { waivers }: Pick<Config, 'waivers'>,
  code: string,
  key: string,
): readonly ConfiguredException[] {
  return waivers.exceptions.filter(
    ({ rule, objects }) => rule === code && objects.some((pattern) => matchesKey(pattern, key)),
  );
}

/**
 * True if an annotation of an object or the configuration waives a rule on it, whether the waiver is valid or
 * not. Such an object is no example for others, and its errors suppress no other finding.
 */
export function asksForWaiver(
  resource: Resource,
  rule: WaivedRule,
  config: Pick<Config, 'waivers'>,
): boolean {
  const isNamed = ({ rule: text }: Waiver) => {
    const name = text.toLowerCase();
    return name === rule.code.toLowerCase() || name === rule.name;
  };
  return waiversOf(resource).some(isNamed) || exceptionsFor(config, rule.code, resource.key).length > 0;
}

/** The waiver that accepts a finding. */
export interface AppliedWaiver {
  /** `new-annotation`: the annotation came with the change that introduces the finding. */
  readonly by: 'configuration' | 'annotation' | 'new-annotation' | 'comment';
  readonly reason: string;
  readonly until: string | undefined;
  /** The object with the annotation. */
  readonly holder?: ObjectRef | undefined;
}

/** A sentence about a waiver, with its reason. */
export function appliedWaiverText({ by, reason, until, holder }: AppliedWaiver): string {
  const source =
    by === 'configuration' || holder === undefined
      ? 'the configuration'
      : `${by === 'comment' ? 'a comment in the file' : 'the annotation'} of ${describe(holder)}`;
  const arrived = by === 'new-annotation' ? '; the waiver arrived with what it waives' : '';
  return `waived by ${source}${until === undefined ? '' : ` until ${until}`}: ${quoted(reason)}${arrived}`;
}

/** The end of a help: how an administrator waives a rule that an annotation does not waive. */
export function addException(code: string): string {
  return `add an exception for ${code} to the configuration (waivers.exceptions)`;
}

/** Whether a key matches a pattern, part by part. */
function matchesKey(pattern: string, key: string): boolean {
  const [patterns, parts] = [pattern.split('/'), key.split('/')];
  return (
    patterns.length === parts.length && parts.every((part, index) => matchesPart(patterns[index] ?? '', part))
  );
}

/** In linear time, as names in a request can have any length. */
function matchesPart(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** True for a date of the form `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
