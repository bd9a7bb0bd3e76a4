import { scalarText } from './scalar-text.ts';
import { column, lineEnd } from './lines.ts';
import { colonEnd, endOfEntry } from './places.ts';
import type { SyntaxEntry, SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { type Content, EditRefusal } from './types.ts';
import { refuseAnchors, refuseProperties, type Step } from './walk.ts';

/** The text of a member's value, to be put elsewhere as it is written. */
export function carry(tree: SyntaxTree, { holder, entry }: Step): Content {
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
    inline: inlineOf(tree, entry.value, end),
  };
}

/** The end of the last line of a member, a comment behind it included. */
function endOfBlock(tree: SyntaxTree, entry: SyntaxEntry): number {
  const end = endOfEntry(tree, entry);
  const isLineStart = end > 0 && tree.text[end - 1] === '\n';
  return isLineStart ? end - 1 : lineEnd(tree.text, end);
}

function inlineOf(tree: SyntaxTree, value: SyntaxNode, end: number): string | undefined {
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
  return scalarText(
    value.value,
    value.style === 'single' || value.style === 'double' ? value.style : 'plain',
  );
}

/** Text of several lines, those below the first moved to the right or left. */
export function shifted(text: string, by: number): string {
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
