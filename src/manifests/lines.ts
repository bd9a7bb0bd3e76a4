import type { ManifestFile } from './types.ts';

const starts = new WeakMap<ManifestFile, number[]>();

/**
 * The line and column of an offset in a file's text: both count from 1, columns in UTF-16 units. LF,
 * CRLF and a lone CR end a line. A byte order mark at the start of the file takes no column.
 */
export function lineColumn(file: ManifestFile, offset: number): { line: number; column: number } {
  let lines = starts.get(file);
  if (lines === undefined) {
    lines = lineStarts(file.text);
    starts.set(file, lines);
  }
  const at = Math.min(Math.max(offset, 0), file.text.length);
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  const mark = low === 1 && file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return { line: low, column: Math.max(at - lines[low - 1]! - mark, 0) + 1 };
}

function lineStarts(text: string): number[] {
  const lines = [0];
  const breaks = /\r\n|\r|\n/g;
  while (breaks.exec(text) !== null) lines.push(breaks.lastIndex);
  return lines;
}
