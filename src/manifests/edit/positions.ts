import { isBlank, isBlankOrEnd, isBreak } from '../yaml/cursor.ts';
import type { SyntaxEntry, SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal, UNEDITABLE_KEY } from './text-edit.ts';

const COLON = ':';

/** The offset after the colon of a member. Throws {@link EditRefusal} if the key is written with `?`. */
export function colonEnd({ text }: SyntaxTree, { keyNode, value }: SyntaxEntry): number {
  const end = keyNode?.end ?? 0;
  const at = value.flow ? skipSpaceAndComments(text, end) : skipBlanks(text, end);
  const from = keyNode === undefined ? 0 : lineStart(text, keyNode.start);
  const isExplicit = /(?:^|[ \t,{[])\?[ \t]*$/.test(text.slice(from, keyNode?.start ?? 0));
  const isNamed = keyNode !== undefined && (keyNode.anchor !== '' || keyNode.tag !== '');
  if (text[at] !== COLON || isExplicit || isNamed) throw new EditRefusal(UNEDITABLE_KEY);
  return at + 1;
}

/** Where an entry begins: at its key; in a block sequence, at its dash. */
export function entryStart(tree: SyntaxTree, holder: SyntaxNode, index: number): number {
  const entry = holder.entries[index]!;
  if (holder.kind === 'mapping') return entry.keyNode?.start ?? entry.value.start;
  if (holder.flow) return entry.value.start;
  if (index === 0) return holder.start;
  const { text } = tree;
  const at = column(text, holder.start);
  let line = nextLine(text, endOfEntry(tree, holder.entries[index - 1]!) - 1);
  for (; line < text.length && line <= entry.value.start; line = nextLine(text, line)) {
    const dash = line + at;
    const isDash = text[dash] === '-' && isBlankOrEnd(text.charCodeAt(dash + 1) || 0);
    if (isDash && text.slice(line, dash).trim() === '') return dash;
  }
  throw new EditRefusal('the item could not be found in the text');
}

/** Where the text of an entry ends. An entry without a value ends with its key or dash. */
export function endOfEntry({ text }: SyntaxTree, { keyNode, value }: SyntaxEntry): number {
  if (value.style !== 'empty' || value.kind !== 'scalar') return value.end;
  if (keyNode === undefined) return value.start;
  const colon = skipBlanks(text, keyNode.end);
  return text[colon] === COLON ? colon + 1 : keyNode.end;
}

/**
 * Where the last text of a block ends. Empty lines at the end of a block scalar belong to the text after
 * it, unless its indicator keeps them.
 */
export function lastTextOf({ text }: SyntaxTree, node: SyntaxNode): number {
  let last = node;
  while (last.entries.length > 0 && !last.flow) last = last.entries.at(-1)!.value;
  const isBlock = last.kind === 'scalar' && last.style === 'block';
  if (!isBlock || /^[|>][0-9]?\+/.test(text.slice(last.start, last.start + 3))) return node.end;
  let end = node.end;
  while (end > last.start + 1 && text[end - 1] === '\n' && text[end - 2] === '\n') end--;
  return end;
}

/** A place for whole lines: the offset, and whether a line break comes before them. */
export interface LinePlace {
  readonly at: number;
  readonly breakBefore: boolean;
}

/**
 * The place for lines under the text that ends at `end`. `text` ends with a line break, which the file
 * itself may lack: `isPadded` says so.
 */
export function lineBelow(text: string, end: number, isPadded: boolean): LinePlace {
  if (!isAfterBreak(text, end)) return { at: lineEnd(text, end), breakBefore: true };
  if (end === text.length && isPadded) return { at: end - 1, breakBefore: true };
  return { at: end, breakBefore: false };
}

/** The text of lines that are put at a place. */
export function linesAt({ breakBefore }: LinePlace, lines: readonly string[]): string {
  return breakBefore ? `\n${lines.join('\n')}` : `${lines.join('\n')}\n`;
}

/** True at the start of a line that is not the first. */
export function isAfterBreak(text: string, offset: number): boolean {
  return offset > 0 && isBreak(text.charCodeAt(offset - 1));
}

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

/** The start of the next line. The text has no CRLF. */
export function nextLine(text: string, offset: number): number {
  return Math.min(lineEnd(text, offset) + 1, text.length);
}

/** True if only blanks are before an offset on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--;
  return at === 0 || isBreak(text.charCodeAt(at - 1));
}

/** How many characters are before an offset on its line. */
export function column(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** The first offset that is not a blank. */
export function skipBlanks(text: string, offset: number): number {
  let at = offset;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The first offset that is not a blank, a line break or in a comment. */
export function skipSpaceAndComments(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || isBreak(code)) at++;
    else if (code === 0x23) at = lineEnd(text, at);
    else return at;
  }
}
