import type { SourceText } from '../source.ts';
import { isBreak } from '../yaml/cursor.ts';

/** One change of a text: `replacement` takes the place of the text from `start` to `end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Why a text cannot be edited as asked. The message completes "was not fixed: ". */
export class EditRefusal extends Error {
  override readonly name = 'EditRefusal';
}

/** The refusal for a key with an anchor, a tag, a `?` or several lines. */
export const UNEDITABLE_KEY = 'its key is written in a form that is not edited';
/** The refusal for a pair `[a: b]`. */
export const BARE_PAIR = 'it is in a list of pairs without braces';

/**
 * A file's text with edits made in it. Their offsets are those of the source's text, which has no CRLF;
 * a new line ends with the line break that the file uses at that place. Throws {@link EditRefusal} if
 * edits overlap.
 */
export function applyTextEdits(file: string, source: SourceText, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, replacement } of ordered) {
    const from = source.toFile(start);
    if (from < at) throw new EditRefusal('its text overlaps with other text that is edited');
    const lineBreak = replacement.includes('\n') ? breakNear(file, source, start) : '\n';
    pieces.push(file.slice(at, from), replacement.replaceAll('\n', lineBreak));
    at = source.toFile(end);
  }
  return [...pieces, file.slice(at)].join('');
}

/** The line break in use at an offset: that of its line, else that of the previous line. */
function breakNear(file: string, source: SourceText, offset: number): string {
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
