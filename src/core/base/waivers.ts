import { at } from './json.ts';
import type { Resource } from './model.ts';
import type { Path } from './path.ts';

/** The annotation that waives findings on the object that carries it. */
export const WAIVE_ANNOTATION = 'iomesh-guard.io/waive';
export const WAIVE_PATH: Path = ['metadata', 'annotations', WAIVE_ANNOTATION];

/** One entry of a waive annotation: `IOM604=planned doubling, ticket 4711; until=2027-01-31`. */
export interface Waiver {
  /** What stands before the equals sign: a rule's code or name, if it is one. */
  readonly rule: string;
  readonly reason: string;
  /** The last day it holds, `YYYY-MM-DD`; undefined where it has no end. */
  readonly until: string | undefined;
  /** Why `until` cannot be read as a day, where it cannot. */
  readonly badDate: string | undefined;
}

/** A longer annotation waives nothing. */
export const MAX_WAIVE_LENGTH = 4096;

/**
 * The waivers an object carries. Entries are separated by `;` or line ends; `until=` belongs to the
 * entry before it, and so does what does not begin with a single word: a reason may hold a semicolon.
 * An annotation over 4096 characters holds no waiver.
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
      const bad = isDay(right) ? undefined : right;
      waivers[waivers.length - 1] = { ...last, until: bad === undefined ? right : undefined, badDate: bad };
    } else if (last !== undefined && last.reason !== '' && /\s/.test(left)) {
      waivers[waivers.length - 1] = { ...last, reason: `${last.reason}; ${entry}` };
    } else {
      waivers.push({ rule: left, reason: right, until: undefined, badDate: undefined });
    }
  }
  return waivers;
}

/** True while a waiver is worth something: it has a reason, a readable end, and has not run out. */
export function holds(waiver: Waiver, today: string): boolean {
  return waiver.reason !== '' && waiver.badDate === undefined && !hasRunOut(waiver, today);
}

/** True after the last day of a waiver. */
export function hasRunOut(waiver: Waiver, today: string): boolean {
  return waiver.until !== undefined && waiver.until < today;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
