import type { Path } from '../../core/base/path.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { type InsertedContent, nestValue, shiftLines } from './content.ts';
import { type FollowedPath, refuseProperties } from './follow-path.ts';
import { insertInFlow, replaceByFlow } from './insert-flow.ts';
import {
  colonEnd,
  column,
  endOfEntry,
  entryStart,
  isFirstOnLine,
  lastTextOf,
  lineBelow,
  lineStart,
  linesAt,
} from './positions.ts';
import { BARE_PAIR, EditRefusal, type TextEdit } from './text-edit.ts';
import {
  indentationOf,
  itemLines,
  memberLines,
  type QuoteStyle,
  quoteOfKeys,
  scalarText,
} from './value-text.ts';

/** The edits that insert content at the missing rest of a path. */
export function insertContent(
  tree: SyntaxTree,
  found: FollowedPath,
  content: InsertedContent,
  isPadded: boolean,
): TextEdit[] {
  const { node, rest, steps } = found;
  const isNull = node.kind === 'scalar' && node.value === null;
  if (!isNull && node.kind !== (typeof rest[0] === 'number' ? 'sequence' : 'mapping')) {
    throw new EditRefusal('a value on the way to it has no fields');
  }
  if (node.pair) throw new EditRefusal(BARE_PAIR);
  if (node.entries.length > 0) {
    return node.flow
      ? insertInFlow(tree, node, rest, content)
      : [insertInBlock(tree, node, rest, content, isPadded)];
  }
  refuseProperties(node);
  const last = steps.at(-1);
  const inBlock = last !== undefined && !last.holder.flow && !tree.isJson;
  const isHollow = node.kind === 'scalar' || tree.text.slice(node.start + 1, node.end - 1).trim() === '';
  if (!inBlock || last.holder.kind !== 'mapping' || !isHollow) {
    return node.kind === 'scalar'
      ? replaceByFlow(tree, found, content)
      : insertInFlow(tree, node, rest, content);
  }
  // The children of `key:`, `key: null` and `key: {}` are written on the next lines.
  const colon = colonEnd(tree, last.entry);
  const end = node.style === 'empty' && node.kind === 'scalar' ? colon : node.end;
  const { dash, unit } = indentationOf(tree);
  const at = column(tree.text, last.holder.start) + (typeof rest[0] === 'number' ? dash : unit);
  const place = lineBelow(tree.text, end, isPadded);
  const lines = childLines(tree, rest, content, at, 'plain');
  const below = { start: place.at, end: place.at, replacement: linesAt(place, lines) };
  return end > colon ? [{ start: colon, end, replacement: '' }, below] : [below];
}

function insertInBlock(
  tree: SyntaxTree,
  node: SyntaxNode,
  rest: Path,
  content: InsertedContent,
  isPadded: boolean,
): TextEdit {
  const at = column(tree.text, node.start);
  const [key] = rest;
  if (typeof key === 'number' && key < node.entries.length) {
    const dash = entryStart(tree, node, key);
    if (!isFirstOnLine(tree.text, dash)) throw new EditRefusal('the item above shares its line with another');
    const start = lineStart(tree.text, dash);
    return { start, end: start, replacement: `${childLines(tree, rest, content, at, 'plain').join('\n')}\n` };
  }
  const last = node.entries.at(-1)!;
  if (last.keyNode !== undefined) colonEnd(tree, last);
  const isEmpty = last.value.kind === 'scalar' && last.value.style === 'empty';
  const end = isEmpty ? endOfEntry(tree, last) : lastTextOf(tree, last.value);
  const place = lineBelow(tree.text, end, isPadded);
  const lines = childLines(tree, rest, content, at, quoteOfKeys(node));
  return { start: place.at, end: place.at, replacement: linesAt(place, lines) };
}

/** The lines of `rest`, its first key or dash at a column. */
function childLines(
  tree: SyntaxTree,
  rest: Path,
  content: InsertedContent,
  at: number,
  quote: QuoteStyle,
): string[] {
  const indentation = indentationOf(tree);
  const [key, ...below] = rest;
  if (content.kind === 'value') {
    const value = nestValue(below, content.value);
    return typeof key === 'number'
      ? itemLines([value], at, indentation)
      : memberLines(scalarText(key!, quote), value, at, indentation);
  }
  const lines: string[] = [];
  let indent = at;
  for (const [depth, each] of rest.entries()) {
    if (typeof each === 'number') throw new EditRefusal('it would have to move into a list');
    const head = `${' '.repeat(indent)}${scalarText(each, depth === 0 ? quote : 'plain')}:`;
    if (depth < rest.length - 1) lines.push(head);
    else if (content.kind === 'flow') lines.push(`${head} ${content.text}`);
    else lines.push(`${head}${shiftLines(content.text, indent - content.column)}`);
    indent += indentation.unit;
  }
  return lines;
}
