import type { Source } from '../source.ts';
import { isBreak } from '../yaml/cursor.ts';
import { EditRefusal, type TextEdit } from './types.ts';

/**
 * Makes edits in a file's text. Their offsets are those of the source's text, which has no CRLF; line
 * breaks put in are those the file uses at that place. Throws {@link EditRefusal} where edits overlap.
 */
export function splice(file: string, source: Source, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, replacement } of ordered) {
    const from = source.toFile(start);
    if (from < at) throw new EditRefusal('it cannot be told apart from the text around it');
    const lineBreak = replacement.includes('\n') ? breakNear(file, source, start) : '\n';
    pieces.push(file.slice(at, from), replacement.replaceAll('\n', lineBreak));
    at = source.toFile(end);
  }
  return [...pieces, file.slice(at)].join('');
}

/** The line break in use at an offset: that of its line, else that of the line before. */
function breakNear(file: string, source: Source, offset: number): string {
  const { text } = source;
  let at = offset;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  if (source.toFile(at) >= file.length) {
    at = offset - 1;
    while (at >= 0 && !isBreak(text.charCodeAt(at))) at--;
  }
  const code = text[at];
  if (code === '\r') return '\r';
  if (code !== '\n') return '\n';
  return file[source.toFile(at)] === '\r' ? '\r\n' : '\n';
}
