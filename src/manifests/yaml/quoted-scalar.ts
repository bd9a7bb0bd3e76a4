import { type Cursor, hexDigit, isBlank, isBlankOrEnd, isBreak } from './cursor.ts';
import { YamlError } from './error.ts';

const SINGLE = 0x27;
const DOUBLE = 0x22;
const BACKSLASH = 0x5c;

const ESCAPES: ReadonlyMap<number, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }).map(([letter, text]) => [letter.charCodeAt(0), text]),
);
const HEX_LENGTH: ReadonlyMap<number, number> = new Map([
  [0x78, 2],
  [0x75, 4],
  [0x55, 8],
]);

/** Reads a quoted scalar from its opening quote on; the cursor stops after the closing one. */
export function scanQuotedScalar(cursor: Cursor, single: boolean): string {
  const start = cursor.pos;
  const quote = single ? SINGLE : DOUBLE;
  const parts: string[] = [];
  cursor.pos++;
  for (;;) {
    if (cursor.atDocumentIndicator()) throw unclosed(cursor, start, 'a document separator');
    if (cursor.at() === 0) throw unclosed(cursor, start, 'the end of the document');
    const escapedBreak = scanText(cursor, single, quote, parts, start);
    if (cursor.at() === quote) break;
    parts.push(scanGap(cursor, escapedBreak));
  }
  cursor.pos++;
  return parts.join('');
}

/** Reads text up to a blank, a line break or the quote. True if it ended with an escaped line break. */
function scanText(cursor: Cursor, single: boolean, quote: number, parts: string[], start: number): boolean {
  let from = cursor.pos;
  let code = cursor.at();
  while (!isBlankOrEnd(code)) {
    if (code === quote) {
      if (!single || cursor.at(1) !== SINGLE) break;
      parts.push(cursor.text.slice(from, cursor.pos + 1));
      cursor.pos += 2;
      from = cursor.pos;
    } else if (code === BACKSLASH && !single) {
      parts.push(cursor.text.slice(from, cursor.pos));
      if (isBreak(cursor.at(1))) {
        cursor.pos++;
        cursor.takeBreak();
        return true;
      }
      parts.push(scanEscape(cursor, start));
      from = cursor.pos;
    } else cursor.pos++;
    code = cursor.at();
  }
  parts.push(cursor.text.slice(from, cursor.pos));
  return false;
}

function scanEscape(cursor: Cursor, start: number): string {
  const letter = cursor.at(1);
  const simple = ESCAPES.get(letter);
  if (simple !== undefined) {
    cursor.pos += 2;
    return simple;
  }
  const length = HEX_LENGTH.get(letter);
  if (length === undefined) {
    throw escapeError(cursor, 2, 'an unknown escape in a double-quoted text', start);
  }
  let value = 0;
  for (let index = 0; index < length; index++) {
    const digit = hexDigit(cursor.at(2 + index));
    if (digit < 0) {
      throw escapeError(cursor, 2 + index, `an escape that needs ${length} hexadecimal digits`, start);
    }
    value = value * 16 + digit;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    throw escapeError(cursor, 2 + length, 'an escape that is not a Unicode character', start);
  }
  cursor.pos += 2 + length;
  return String.fromCodePoint(value);
}

function escapeError(cursor: Cursor, length: number, message: string, start: number): YamlError {
  return new YamlError('escape', message, cursor.pos, cursor.pos + length, start);
}

/** Reads blanks, which are kept, or line breaks, which are folded. */
function scanGap(cursor: Cursor, escapedBreak: boolean): string {
  const from = cursor.pos;
  let crossed = escapedBreak;
  let first = '';
  let rest = '';
  let code = cursor.at();
  while (isBlank(code) || isBreak(code)) {
    if (isBlank(code)) cursor.pos++;
    else if (!crossed) {
      first = cursor.takeBreak();
      crossed = true;
    } else rest += cursor.takeBreak();
    code = cursor.at();
  }
  if (!crossed) return cursor.text.slice(from, cursor.pos);
  if (first === '\n') return rest === '' ? ' ' : rest;
  return first + rest;
}

function unclosed(cursor: Cursor, start: number, what: string): YamlError {
  return new YamlError('quote', `a quoted text is not closed before ${what}`, start, start + 1, cursor.pos);
}
