import { lineColumn } from '../manifests/locate.ts';
import type { FileSpan } from '../manifests/world.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { terminalWidth } from './width.ts';

/** One line of a file with a mark, ready to print. */
export interface MarkedLine {
  readonly line: number;
  /** The text of the line; a long line is shortened around the mark. */
  readonly text: string;
  /** Terminal columns before the mark, and its width. */
  readonly offset: number;
  readonly width: number;
}

const MAX_WIDTH = 160;
const CONTEXT = 60;

/** The first line of a span, with the part of the span on it marked. */
export function markedLine(span: FileSpan): MarkedLine {
  const { text } = span.file;
  const { line, column } = lineColumn(span.file, span.start);
  const lineStart = span.start - (column - 1);
  const lineEnd = endOfLine(text, span.start);
  const end = Math.min(Math.max(span.end, span.start), lineEnd);
  let before = text.slice(lineStart, span.start);
  let marked = text.slice(span.start, end);
  let after = text.slice(end, lineEnd);
  if (before.length + marked.length + after.length > MAX_WIDTH) {
    if (before.length > CONTEXT) before = `…${before.slice(-CONTEXT)}`;
    if (marked.length > MAX_WIDTH) marked = `${marked.slice(0, MAX_WIDTH)}…`;
    if (after.length > CONTEXT) after = `${after.slice(0, CONTEXT)}…`;
  }
  const printedBefore = printable(before);
  const printedMarked = printable(marked);
  return {
    line,
    text: (printedBefore + printedMarked + printable(after)).trimEnd(),
    offset: terminalWidth(printedBefore),
    width: Math.max(1, terminalWidth(printedMarked)),
  };
}

/** The end of a line, as far as it is shown: a line of JSON can be a whole file. */
function endOfLine(text: string, from: number): number {
  const shown = text.slice(from, from + 2 * MAX_WIDTH);
  const end = shown.search(/[\r\n]/);
  return from + (end < 0 ? shown.length : end);
}

function printable(text: string): string {
  return sanitize(text).replaceAll('\t', '    ');
}
