import { eastAsianWidth } from 'get-east-asian-width';

/** The number of terminal columns of a text: East Asian wide characters have two, combining marks none. */
export function terminalWidth(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** A text padded with spaces to `width` columns. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - terminalWidth(text)));
}

/** At most `limit` columns of a text, with `…` if it is cut. */
export function cutToWidth(text: string, limit: number): string {
  // A short text fits even if all its characters are wide.
  if (text.length * 2 <= limit || terminalWidth(text) <= limit) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += columnsOf(character);
    if (width > limit - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function columnsOf(character: string): number {
  // Most texts are ASCII, and the table of marks takes time to build.
  if (character < '\x7f') return 1;
  return /\p{Mark}/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0x20);
}
