import { at } from './json.ts';
import type { Resource } from './model.ts';
import type { Path } from './path.ts';

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
}

/** A longer annotation is ignored and reported. */
export const MAX_WAIVE_LENGTH = 4096;

/**
 * The waivers of an object. Entries are separated by `;` or line ends. `until=` applies to the entry before
 * it. Text that does not start with `WORD=` continues the reason, so a reason can contain a semicolon.
 */
export function waiversOf(resource: Resource): readonly Waiver[] {
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

/** True if a waiver has a reason, no invalid date, and is not expired. */
export function isValidWaiver(waiver: Waiver, today: string): boolean {
  return waiver.reason !== '' && waiver.badDate === undefined && !isExpired(waiver, today);
}

/** True after the last day of a waiver. */
export function isExpired(waiver: Waiver, today: string): boolean {
  return waiver.until !== undefined && waiver.until < today;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
