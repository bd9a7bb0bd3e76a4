import type { Path } from '../../core/base/path.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { type InsertedContent, nestValue } from './content.ts';
import { type FollowedPath, refuseProperties } from './follow-path.ts';
import {
  colonEnd,
  column,
  endOfEntry,
  entryStart,
  isFirstOnLine,
  lineEnd,
  lineStart,
  skipBlanks,
  skipSpaceAndComments,
} from './positions.ts';
import { EditRefusal, type TextEdit } from './text-edit.ts';
import {
  type FlowStyle,
  flowKey,
  flowText,
  indentationOf,
  quoteOfKeys,
  spreadText,
  YAML_FLOW,
} from './value-text.ts';

/** The edits that add a member or an item to a collection in brackets. */
export function insertInFlow(
  tree: SyntaxTree,
  node: SyntaxNode,
  rest: Path,
  content: InsertedContent,
): TextEdit[] {
  const { text } = tree;
  const style = flowStyleOf(tree, node);
  if (node.entries.length === 0) return [intoEmpty(tree, node, rest, content, style)];
  const [key] = rest;
  if (typeof key === 'number' && key < node.entries.length) {
    const at = entryStart(tree, node, key);
    return [{ start: at, end: at, replacement: `${partText(rest, content, style)},${style.comma || ' '}` }];
  }
  const lastIndex = node.entries.length - 1;
  const last = node.entries[lastIndex]!;
  const end = endOfEntry(tree, last);
  const start = entryStart(tree, node, lastIndex);
  if (!isFirstOnLine(text, start)) {
    return [{ start: end, end, replacement: `,${style.comma}${partText(rest, content, style)}` }];
  }
  // Each entry has a line of its own, so the new one gets one too.
  const indent = text.slice(lineStart(text, start), start);
  const part = partText(rest, content, style, { indent: indent.length, unit: unitOf(tree, node) });
  const after = skipSpaceAndComments(text, end);
  const comma = text[after] === ',' ? after : undefined;
  const line = lineEnd(text, comma ?? end);
  const isLast = node.end - 1 >= line;
  if (!isLast) return [{ start: end, end, replacement: `,\n${indent}${part}` }];
  const below = {
    start: line,
    end: line,
    replacement: `\n${indent}${part}${comma === undefined ? '' : ','}`,
  };
  return comma === undefined ? [{ start: end, end, replacement: ',' }, below] : [below];
}

/** The edits that replace a null by a collection in brackets. */
export function replaceByFlow(
  tree: SyntaxTree,
  { node, rest, steps }: FollowedPath,
  content: InsertedContent,
): TextEdit[] {
  refuseProperties(node);
  const last = steps.at(-1);
  const holder = last?.holder;
  const style = holder?.flow === true ? flowStyleOf(tree, holder) : YAML_FLOW;
  const whole = nestedText(rest, content, { ...style, json: tree.isJson });
  if (node.style !== 'empty') return [{ start: node.start, end: node.end, replacement: whole }];
  const entry = last?.entry;
  if (entry === undefined) throw new EditRefusal('the document is empty');
  if (entry.keyNode === undefined) {
    return [{ start: node.start, end: node.start, replacement: ` ${whole}` }];
  }
  const at = skipBlanks(tree.text, entry.keyNode.end);
  if (tree.text[at] === ':') {
    const colon = colonEnd(tree, entry);
    return [{ start: colon, end: colon, replacement: ` ${whole}` }];
  }
  const { end } = entry.keyNode;
  return [{ start: end, end, replacement: `: ${whole}` }];
}

/** A member on a line of its own. */
interface OwnLine {
  readonly indent: number;
  readonly unit: number;
}

function intoEmpty(
  tree: SyntaxTree,
  node: SyntaxNode,
  rest: Path,
  content: InsertedContent,
  style: FlowStyle,
): TextEdit {
  const { text } = tree;
  const at = node.start + 1;
  const line = lineStart(text, node.start);
  const isHollow = text.slice(at, node.end - 1).trim() === '';
  const isSpread = tree.isJson && text.slice(0, node.start).includes('\n') && isHollow;
  if (!isSpread) {
    // A comment between the brackets must not swallow the closing one.
    return { start: at, end: at, replacement: partText(rest, content, style) };
  }
  const outer = skipBlanks(text, line) - line;
  const unit = jsonUnit(tree);
  const pad = ' '.repeat(outer + unit);
  const part = partText(rest, content, style, { indent: outer + unit, unit });
  return { start: at, end: node.end - 1, replacement: `\n${pad}${part}\n${' '.repeat(outer)}` };
}

/** One member or item in brackets. */
function partText(rest: Path, content: InsertedContent, style: FlowStyle, spread?: OwnLine): string {
  const [key, ...below] = rest;
  const value = nestedText(below, content, style, spread);
  return typeof key === 'number' ? value : `${flowKey(style, key!)}:${style.gap}${value}`;
}

function nestedText(path: Path, content: InsertedContent, style: FlowStyle, spread?: OwnLine): string {
  if (content.kind === 'value') {
    const value = nestValue(path, content.value);
    return spread === undefined
      ? flowText(value, style)
      : spreadText(value, style, spread.indent, spread.unit);
  }
  const inline = content.kind === 'flow' ? content.text : content.inline;
  if (inline === undefined) throw new EditRefusal('it would have to move into brackets');
  return path.reduceRight<string>((inner, key) => {
    if (typeof key === 'number') throw new EditRefusal('it would have to move into a list');
    return `{${flowKey(style, key)}:${style.gap}${inner}}`;
  }, inline);
}

/** How a collection in brackets is written, by its members. */
function flowStyleOf(tree: SyntaxTree, node: SyntaxNode): FlowStyle {
  const { text, isJson } = tree;
  return { json: isJson, keys: quoteOfKeys(node), ...gapsOf(text, isJson, node) };
}

function gapsOf(text: string, isJson: boolean, node: SyntaxNode): Pick<FlowStyle, 'gap' | 'comma'> {
  // In YAML, a colon without a blank after it is part of a text.
  if (!isJson) return { gap: ' ', comma: ' ' };
  const isTight = node.entries.length > 0 ? tightAfter(text, node) : !/["}\]][ \t]*:[ \t]/.test(text);
  return isTight ? { gap: '', comma: '' } : { gap: ' ', comma: ' ' };
}

function tightAfter(text: string, { entries }: SyntaxNode): boolean {
  const [first, second] = entries;
  if (first?.keyNode !== undefined) return text[first.value.start - 1] === ':';
  return second !== undefined && text[second.value.start - 1] === ',';
}

function unitOf(tree: SyntaxTree, node: SyntaxNode): number {
  if (tree.isJson) return jsonUnit(tree);
  const first = node.entries[0];
  const line = lineStart(tree.text, node.start);
  const outer = skipBlanks(tree.text, line) - line;
  const inner = first === undefined ? 0 : column(tree.text, entryStart(tree, node, 0)) - outer;
  return inner > 0 ? inner : indentationOf(tree).unit;
}

/** The indentation of the first member of the document. */
function jsonUnit({ text, root }: SyntaxTree): number {
  const first = root.entries[0]?.keyNode ?? root.entries[0]?.value;
  if (first === undefined || !isFirstOnLine(text, first.start)) return 2;
  const line = lineStart(text, root.start);
  const outer = skipBlanks(text, line) - line;
  return Math.max(column(text, first.start) - outer, 1);
}
