import type { Json } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import type { SyntaxEntry, SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { type PathStep, refuseAnchors, refuseProperties } from './follow-path.ts';
import { column, colonEnd, endOfEntry, lineEnd } from './positions.ts';
import { EditRefusal } from './text-edit.ts';
import { quoteOf, scalarText } from './value-text.ts';

/** What is inserted: a value that is to be written, or the text of a value that moves. */
export type InsertedContent =
  | { readonly kind: 'value'; readonly value: Json }
  | {
      readonly kind: 'block';
      /** The text after the colon, on its line and on the next lines. */
      readonly text: string;
      /** The column of the key before it. */
      readonly column: number;
      /** The same in one line, for a place in brackets; undefined if something would be lost. */
      readonly inline: string | undefined;
    }
  | { readonly kind: 'flow'; readonly text: string };

/** The text of a member's value as it is written, to be inserted at another place. */
export function movedContent(tree: SyntaxTree, { holder, entry }: PathStep): InsertedContent {
  refuseAnchors(tree, entry.value);
  if (entry.keyNode === undefined) throw new EditRefusal('an item of a list is not moved');
  const { text } = tree;
  const colon = colonEnd(tree, entry);
  if (holder.flow) {
    refuseProperties(entry.value);
    const inner = text.slice(entry.value.start, endOfEntry(tree, entry));
    return { kind: 'flow', text: entry.value.style === 'empty' && inner.trim() === '' ? 'null' : inner };
  }
  const end = endOfBlock(tree, entry);
  return {
    kind: 'block',
    text: text.slice(colon, end),
    column: column(text, entry.keyNode.start),
    inline: inlineText(tree, entry.value, end),
  };
}

/** The end of the last line of a member, with the comment after it. */
function endOfBlock(tree: SyntaxTree, entry: SyntaxEntry): number {
  const end = endOfEntry(tree, entry);
  return tree.text[end - 1] === '\n' ? end - 1 : lineEnd(tree.text, end);
}

function inlineText(tree: SyntaxTree, value: SyntaxNode, end: number): string | undefined {
  if (value.anchor !== '' || value.tag !== '') return undefined;
  // A comment would be lost.
  if (value.kind === 'alias' || tree.text.slice(value.end, end).trim() !== '') return undefined;
  if (value.flow) {
    const text = tree.text.slice(value.start, value.end);
    return tree.isJson || text.includes('\n') ? undefined : text;
  }
  if (value.kind !== 'scalar') return undefined;
  if (typeof value.value !== 'string')
    return value.value === null ? 'null' : tree.text.slice(value.start, value.end);
  return scalarText(value.value, quoteOf(value));
}

/** Text of several lines, with the lines after the first moved to the right or left. */
export function shiftLines(text: string, by: number): string {
  if (by === 0) return text;
  const [first = '', ...rest] = text.split('\n');
  const moved = rest.map((line) => {
    if (line.trim() === '') return line;
    if (by > 0) return ' '.repeat(by) + line;
    const blanks = line.length - line.trimStart().length;
    return line.slice(Math.min(-by, blanks));
  });
  return [first, ...moved].join('\n');
}

/** A value inside the parents that a path names. */
export function nestValue(path: Path, value: Json): Json {
  return path.reduceRight<Json>(
    (inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
    value,
  );
}
