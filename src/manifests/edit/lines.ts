import { isBlank, isBreak } from '../yaml/cursor.ts';

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isBreak(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

/** Behind the line break that ends the line of an offset. The text has no CRLF. */
export function nextLine(text: string, offset: number): number {
  return Math.min(lineEnd(text, offset) + 1, text.length);
}

/** True where only blanks stand before an offset on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--;
  return at === 0 || isBreak(text.charCodeAt(at - 1));
}

/** How many characters stand before an offset on its line. */
export function column(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Behind blanks, from an offset on. */
export function skipBlanks(text: string, offset: number): number {
  let at = offset;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Behind blanks, line breaks and comments. */
export function skipIdle(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || isBreak(code)) at++;
    else if (code === 0x23) at = lineEnd(text, at);
    else return at;
  }
}
