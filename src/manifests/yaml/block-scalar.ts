import { type Cursor, isBlank, isBreak, isBreakOrEnd, SPACE, TAB } from './cursor.ts';
import { YamlError } from './error.ts';

const PLUS = 0x2b;
const HYPHEN = 0x2d;

/**
 * Reads a literal (`|`) or folded (`>`) scalar from its indicator on. `parentIndent` is the column of the
 * collection around it, -1 at the top.
 */
export function scanBlockScalar(
  cursor: Cursor,
  literal: boolean,
  parentIndent: number,
): { value: string; end: number } {
  const start = cursor.pos;
  cursor.pos++;
  const { chomping, increment } = scanHeader(cursor, start);
  let indent = increment > 0 ? Math.max(parentIndent, 0) + increment : 0;
  const state = { end: cursor.pos };
  const breaks: string[] = [];
  const eatBreaks = (): void => {
    indent = scanBreaks(cursor, indent, parentIndent, start, breaks, state);
  };
  const parts: string[] = [];
  let lineBreak = '';
  let leadingBlank = false;
  eatBreaks();
  while (cursor.column === indent && cursor.at() !== 0) {
    const blank = isBlank(cursor.at());
    const fold = !literal && lineBreak === '\n' && !leadingBlank && !blank;
    if (!fold) parts.push(lineBreak);
    else if (breaks.length === 0) parts.push(' ');
    for (const text of breaks) parts.push(text);
    breaks.length = 0;
    leadingBlank = blank;
    const from = cursor.pos;
    while (!isBreakOrEnd(cursor.at())) cursor.pos++;
    parts.push(cursor.text.slice(from, cursor.pos));
    lineBreak = cursor.at() === 0 ? '' : cursor.takeBreak();
    eatBreaks();
  }
  if (chomping !== -1) parts.push(lineBreak);
  if (chomping === 1) parts.push(breaks.join(''));
  return { value: parts.join(''), end: state.end };
}

function scanHeader(cursor: Cursor, start: number): { chomping: number; increment: number } {
  let chomping = 0;
  let increment = 0;
  const chomp = (): boolean => {
    const code = cursor.at();
    if (code !== PLUS && code !== HYPHEN) return false;
    chomping = code === PLUS ? 1 : -1;
    cursor.pos++;
    return true;
  };
  const digit = (): boolean => {
    const code = cursor.at();
    if (code < 0x30 || code > 0x39) return false;
    if (code === 0x30) throw headerError(cursor, start, 'the indentation of a block scalar cannot be 0');
    increment = code - 0x30;
    cursor.pos++;
    return true;
  };
  if (chomp()) digit();
  else if (digit()) chomp();
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.at())) {
    throw headerError(cursor, start, 'text follows a block scalar indicator (`|` or `>`) on its line');
  }
  if (isBreak(cursor.at())) cursor.takeBreak();
  return { chomping, increment };
}

function headerError(cursor: Cursor, start: number, message: string): YamlError {
  return new YamlError('block-scalar', message, cursor.pos, cursor.pos + 1, start);
}

/** Reads indentation and empty lines. Gives the indentation, which the first line of text decides. */
function scanBreaks(
  cursor: Cursor,
  indent: number,
  parentIndent: number,
  start: number,
  breaks: string[],
  state: { end: number },
): number {
  let widest = 0;
  state.end = cursor.pos;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.at() === SPACE) cursor.pos++;
    if (cursor.column > widest) widest = cursor.column;
    if ((indent === 0 || cursor.column < indent) && cursor.at() === TAB) {
      throw new YamlError('tab', 'a tab is used for indentation', cursor.pos, cursor.pos + 1, start);
    }
    if (!isBreak(cursor.at())) break;
    breaks.push(cursor.takeBreak());
    state.end = cursor.pos;
  }
  return indent === 0 ? Math.max(widest, parentIndent + 1, 1) : indent;
}
