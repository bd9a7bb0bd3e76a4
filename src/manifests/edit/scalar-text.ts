import type { Json } from '../../core/base/json.ts';
import { resolvePlain } from '../yaml/scalar.ts';

/** The ways to quote a text. */
export type Quote = 'plain' | 'single' | 'double';

const PLAIN = /^[A-Za-z0-9_./](?:[A-Za-z0-9_./@+:-]*[A-Za-z0-9_./@+-])?$/;
/** Texts that some reader of YAML takes for a number or a time, though kubectl does not. */
const DOUBTFUL = /^(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these cannot stand between single quotes.
const NEEDS_ESCAPE = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/** A scalar as kubectl reads back exactly that value; a text is quoted as asked where it can be. */
export function scalarText(value: Json, like: Quote): string {
  if (typeof value !== 'string') return String(value);
  if (like === 'plain' && isPlain(value)) return value;
  if (like === 'single' && !NEEDS_ESCAPE.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return doubleQuoted(value);
}

/** A text between double quotes; fit for YAML and, but for unusual characters, for JSON. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A scalar in JSON. */
export function jsonScalar(value: Json): string {
  return typeof value === 'string' ? doubleQuoted(value) : String(value);
}

/** True for a text that needs no quotes, wherever it stands. */
function isPlain(text: string): boolean {
  if (!PLAIN.test(text) || DOUBTFUL.test(text) || /^\.+$/.test(text)) return false;
  return resolvePlain(text) === text && Number.isNaN(Number(text));
}
