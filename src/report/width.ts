import { eastAsianWidth } from 'get-east-asian-width';

/** Columns a text takes in a terminal: East Asian wide characters take two, combining marks none. */
export function terminalWidth(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** Fills a text up with spaces to `width` columns. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - terminalWidth(text)));
}

/** At most `limit` columns of a text, with a sign where something was left out. */
export function cutToWidth(text: string, limit: number): string {
  // Most names need no counting of columns at all.
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
  return /\p{Mark}/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0x20);
}
