import type { Json } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { insertInFlow, replaceByFlow } from './insert-flow.ts';
import { itemLines, layoutOf, memberLines } from './layout.ts';
import { column, isFirstOnLine, lineStart } from './lines.ts';
import { atPlace, colonEnd, endOfEntry, entryStart, lastTextOf, lineBelow } from './places.ts';
import { shifted } from './carry.ts';
import { type Quote, scalarText } from './scalar-text.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { type Content, EditRefusal, type TextEdit } from './types.ts';
import { refuseProperties, type Walk } from './walk.ts';

/** The edits that put content at the rest of a path, which is not there yet. */
export function insert(tree: SyntaxTree, found: Walk, content: Content, isPadded: boolean): TextEdit[] {
  const { node, rest, steps } = found;
  const isNull = node.kind === 'scalar' && node.value === null;
  if (!isNull && node.kind !== (typeof rest[0] === 'number' ? 'sequence' : 'mapping')) {
    throw new EditRefusal('what stands on the way to it holds no fields');
  }
  if (node.pair) throw new EditRefusal('it stands in a list of pairs without braces');
  const isEmpty = node.entries.length === 0;
  if (!isEmpty) {
    return node.flow
      ? insertInFlow(tree, node, rest, content)
      : [belowLast(tree, node, rest, content, isPadded)];
  }
  refuseProperties(node);
  const last = steps.at(-1);
  const inBlock = last !== undefined && !last.holder.flow && !tree.isJson;
  const hollow = node.kind === 'scalar' || tree.text.slice(node.start + 1, node.end - 1).trim() === '';
  if (!inBlock || last.holder.kind !== 'mapping' || !hollow) {
    return node.kind === 'scalar'
      ? replaceByFlow(tree, found, content)
      : insertInFlow(tree, node, rest, content);
  }
  // `key:`, `key: null` and `key: {}` get their children on lines of their own.
  const colon = colonEnd(tree, last.entry);
  const end = node.style === 'empty' && node.kind === 'scalar' ? colon : node.end;
  const layout = layoutOf(tree);
  const step = typeof rest[0] === 'number' ? layout.dash : layout.unit;
  const at = column(tree.text, last.holder.start) + step;
  const place = lineBelow(tree.text, end, isPadded);
  const lines = childLines(tree, rest, content, at, 'plain');
  const below = { start: place.at, end: place.at, replacement: atPlace(place, lines) };
  return end > colon ? [{ start: colon, end, replacement: '' }, below] : [below];
}

function belowLast(
  tree: SyntaxTree,
  node: SyntaxNode,
  rest: Path,
  content: Content,
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
  const last = node.entries[node.entries.length - 1]!;
  if (last.keyNode !== undefined) colonEnd(tree, last);
  const isEmpty = last.value.kind === 'scalar' && last.value.style === 'empty';
  const place = lineBelow(
    tree.text,
    isEmpty ? endOfEntry(tree, last) : lastTextOf(tree, last.value),
    isPadded,
  );
  const lines = childLines(tree, rest, content, at, quoteOfKeys(node));
  return { start: place.at, end: place.at, replacement: atPlace(place, lines) };
}

/** The lines of `rest`, its first key or dash at a column. */
function childLines(tree: SyntaxTree, rest: Path, content: Content, at: number, quote: Quote): string[] {
  const layout = layoutOf(tree);
  const [key, ...below] = rest;
  if (content.kind === 'value') {
    const value = wrapped(below, content.value);
    return typeof key === 'number'
      ? itemLines([value], at, layout)
      : memberLines(scalarText(key!, quote), value, at, layout);
  }
  const lines: string[] = [];
  let indent = at;
  for (const [depth, each] of rest.entries()) {
    if (typeof each === 'number') throw new EditRefusal('it would have to move into a list');
    const head = `${' '.repeat(indent)}${scalarText(each, depth === 0 ? quote : 'plain')}:`;
    if (depth < rest.length - 1) lines.push(head);
    else if (content.kind === 'flow') lines.push(`${head} ${content.text}`);
    else lines.push(`${head}${shifted(content.text, indent - content.column)}`);
    indent += layout.unit;
  }
  return lines;
}

/** A value inside the parents that a path names. */
export function wrapped(path: Path, value: Json): Json {
  return path.reduceRight<Json>(
    (inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
    value,
  );
}

/** How the keys of a mapping are quoted, where all are alike. */
function quoteOfKeys(node: SyntaxNode): Quote {
  const styles = new Set(node.entries.map(({ keyNode }) => keyNode?.style));
  const [only] = styles;
  return styles.size === 1 && (only === 'single' || only === 'double') ? only : 'plain';
}
