import { isBlankOrEnd } from '../yaml/cursor.ts';
import { column, lineEnd, lineStart, nextLine, skipBlanks, skipIdle } from './lines.ts';
import type { SyntaxEntry, SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal } from './types.ts';

const COLON = ':';

/** Behind the colon of a member. Throws {@link EditRefusal} where the key is written with `?`. */
export function colonEnd({ text }: SyntaxTree, { keyNode, value }: SyntaxEntry): number {
  const end = keyNode?.end ?? 0;
  const at = value.flow ? skipIdle(text, end) : skipBlanks(text, end);
  const from = keyNode === undefined ? 0 : lineStart(text, keyNode.start);
  const isExplicit = /(?:^|[ \t,{[])\?[ \t]*$/.test(text.slice(from, keyNode?.start ?? 0));
  const isNamed = keyNode !== undefined && (keyNode.anchor !== '' || keyNode.tag !== '');
  if (text[at] !== COLON || isExplicit || isNamed)
    throw new EditRefusal('its key is written in a form that is not edited');
  return at + 1;
}

/** Where an entry begins: its key; of a block sequence, its dash. */
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

/** Where the text of an entry ends. A value left out ends where its key or dash does. */
export function endOfEntry({ text }: SyntaxTree, { keyNode, value }: SyntaxEntry): number {
  if (value.style !== 'empty' || value.kind !== 'scalar') return value.end;
  if (keyNode === undefined) return value.start;
  const colon = skipBlanks(text, keyNode.end);
  return text[colon] === COLON ? colon + 1 : keyNode.end;
}

/** A place for whole lines below something: where they are put in, and whether a line break goes before them. */
export interface LinePlace {
  readonly at: number;
  readonly breakBefore: boolean;
}

/**
 * The place for lines below the text that ends at `end`. `text` ends with a line break, which the file
 * itself may lack: `isPadded` says so.
 */
export function lineBelow(text: string, end: number, isPadded: boolean): LinePlace {
  const isLineStart = end > 0 && lineStart(text, end) === end;
  if (!isLineStart) return { at: lineEnd(text, end), breakBefore: true };
  if (end === text.length && isPadded) return { at: end - 1, breakBefore: true };
  return { at: end, breakBefore: false };
}

/** Lines as they are put in at a place. */
export function atPlace({ breakBefore }: LinePlace, lines: readonly string[]): string {
  return breakBefore ? `\n${lines.join('\n')}` : `${lines.join('\n')}\n`;
}

/**
 * Where the last text of a block ends. Empty lines at the end of a block scalar are left to what follows,
 * unless its indicator keeps them.
 */
export function lastTextOf({ text }: SyntaxTree, node: SyntaxNode): number {
  let last = node;
  while (last.entries.length > 0 && !last.flow) last = last.entries[last.entries.length - 1]!.value;
  const isBlock = last.kind === 'scalar' && last.style === 'block';
  if (!isBlock || /^[|>][0-9]?\+/.test(text.slice(last.start, last.start + 3))) return node.end;
  let end = node.end;
  while (end > last.start + 1 && text[end - 1] === '\n' && text[end - 2] === '\n') end--;
  return end;
}
