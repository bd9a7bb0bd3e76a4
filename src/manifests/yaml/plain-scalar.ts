import { COLON, type Cursor, HASH, isBlank, isBlankOrEnd, isBreak, skipRun, TAB } from './cursor.ts';
import { YamlError } from './error.ts';

export interface ScannedScalar {
  readonly value: string;
  readonly end: number;
  /** True if the scalar has several lines: then a key may follow. */
  readonly multiline: boolean;
}

/** Characters that do not end a plain scalar. In a run over one file the loop is not compiled yet, so it is slower. */
const INNER = /[^\0\t\n\r \x85\u2028\u2029:,?[\]{}]*/y;

/** Reads a plain scalar from the cursor on. `indent` is the column that its other lines must reach. */
export function scanPlainScalar(cursor: Cursor, indent: number, inFlow: boolean): ScannedScalar {
  const start = cursor.pos;
  let value = '';
  let end = start;
  let gap = '';
  let crossed = false;
  for (;;) {
    if (cursor.atDocumentIndicator() || cursor.at() === HASH) break;
    const from = cursor.pos;
    let code = cursor.at();
    while (!isBlankOrEnd(code)) {
      if (code === COLON && isBlankOrEnd(cursor.at(1))) break;
      if (inFlow && endsInFlow(code)) break;
      cursor.pos = skipRun(INNER, cursor.text, cursor.pos + 1);
      code = cursor.at();
    }
    if (cursor.pos > from) {
      const piece = cursor.text.slice(from, cursor.pos);
      value = value === '' ? piece : value + gap + piece;
      gap = '';
      crossed = false;
      end = cursor.pos;
    }
    if (!isBlank(code) && !isBreak(code)) break;
    ({ text: gap, crossed } = scanGap(cursor, indent, start));
    if (!inFlow && cursor.column < indent) break;
  }
  return { value, end, multiline: crossed };
}

/** `,` `?` `[` `]` `{` `}` end a plain scalar inside a flow collection. */
function endsInFlow(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** Blanks and line breaks between two pieces of a plain scalar, folded. */
function scanGap(cursor: Cursor, indent: number, scalarStart: number): { text: string; crossed: boolean } {
  const from = cursor.pos;
  let crossed = false;
  let first = '';
  let rest = '';
  let code = cursor.at();
  while (isBlank(code) || isBreak(code)) {
    if (isBlank(code)) {
      if (crossed && code === TAB && cursor.column < indent) {
        throw new YamlError('tab', 'a tab is used for indentation', cursor.pos, cursor.pos + 1, scalarStart);
      }
      cursor.pos++;
    } else if (!crossed) {
      first = cursor.takeBreak();
      crossed = true;
    } else rest += cursor.takeBreak();
    code = cursor.at();
  }
  if (!crossed) return { text: cursor.text.slice(from, cursor.pos), crossed };
  if (first === '\n') return { text: rest === '' ? ' ' : rest, crossed };
  return { text: first + rest, crossed };
}
