import { isArray, isObject, type Json } from '../../core/base/json.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { type PathStep, refuseAnchors } from './follow-path.ts';
import {
  colonEnd,
  endOfEntry,
  isAfterBreak,
  isFirstOnLine,
  lineEnd,
  lineStart,
  nextLine,
} from './positions.ts';
import { EditRefusal, type TextEdit, UNEDITABLE_KEY } from './text-edit.ts';
import { flowText, JSON_FLOW, jsonScalar, quoteOf, scalarText } from './value-text.ts';

/** The edits that replace a value, the last of `steps`. */
export function replaceValue(tree: SyntaxTree, steps: readonly PathStep[], value: Json): TextEdit[] {
  const step = steps[steps.length - 1];
  if (step === undefined) throw new EditRefusal('a whole document is not replaced');
  const { entry, holder } = step;
  const node = entry.value;
  refuseAnchors(tree, node);
  if (node.tag !== '') throw new EditRefusal('it has a tag (`!`), which decides how it is read');
  const written = inlineText(tree, node, value);
  if (node.kind === 'scalar' && node.style === 'empty') {
    if (node.anchor !== '') throw new EditRefusal(`it has the anchor &${node.anchor}`);
    const at = entry.keyNode === undefined ? node.start : endOfEntry(tree, entry);
    const head = entry.keyNode !== undefined && tree.text[at - 1] !== ':' ? ': ' : ' ';
    return [{ start: at, end: at, replacement: `${head}${written}` }];
  }
  if (node.kind === 'scalar' && node.style === 'block') return [overBlockScalar(tree, node, written)];
  const isBelow = !node.flow && node.entries.length > 0 && entry.keyNode !== undefined && !holder.flow;
  if (!isBelow || node.anchor !== '' || !isFirstOnLine(tree.text, node.start)) {
    return [{ start: node.start, end: endOfText(tree, node), replacement: written }];
  }
  const colon = colonEnd(tree, entry);
  const end = endOfText(tree, node);
  return [
    { start: colon, end: colon, replacement: ` ${written}` },
    { start: lineStart(tree.text, node.start), end: nextLine(tree.text, end), replacement: '' },
  ];
}

/** One line takes the place of a block scalar; a comment after its indicator stays. */
function overBlockScalar({ text }: SyntaxTree, node: SyntaxNode, written: string): TextEdit {
  const header = text.slice(node.start, lineEnd(text, node.start));
  const comment = /[ \t]+#.*$/.exec(header)?.[0] ?? '';
  let end = node.end;
  if (end > node.start && text[end - 1] === '\n') end -= 1;
  return { start: node.start, end, replacement: written + comment };
}

function endOfText({ text }: SyntaxTree, node: SyntaxNode): number {
  return node.end > node.start && isAfterBreak(text, node.end) ? node.end - 1 : node.end;
}

/** The edits that make a value the only item of a list. */
export function wrapInList(tree: SyntaxTree, steps: readonly PathStep[]): TextEdit[] {
  const { entry } = steps[steps.length - 1]!;
  const node = entry.value;
  refuseAnchors(tree, node);
  if (node.anchor !== '' || node.tag !== '') throw new EditRefusal('it has an anchor or a tag');
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string' || node.style === 'block' || tree.isJson)
      return replaceValue(tree, steps, [node.value]);
    const text = scalarText(node.value, quoteOf(node));
    return [{ start: node.start, end: node.end, replacement: `[${text}]` }];
  }
  if (node.flow) {
    return [
      { start: node.start, end: node.start, replacement: '[' },
      { start: node.end, end: node.end, replacement: ']' },
    ];
  }
  if (!isFirstOnLine(tree.text, node.start)) throw new EditRefusal('it shares its line with a dash');
  const edits: TextEdit[] = [{ start: node.start, end: node.start, replacement: '- ' }];
  const end = endOfText(tree, node);
  for (let line = nextLine(tree.text, node.start); line < end; line = nextLine(tree.text, line)) {
    if (lineEnd(tree.text, line) > line) edits.push({ start: line, end: line, replacement: '  ' });
  }
  return edits;
}

/** A value in one line; a scalar is quoted as the previous one. */
function inlineText(tree: SyntaxTree, node: SyntaxNode, value: Json): string {
  const isScalar = !isObject(value) && !isArray(value);
  if (tree.isJson) return isScalar ? jsonScalar(value) : flowText(value, JSON_FLOW);
  return isScalar ? scalarText(value, quoteOf(node)) : flowText(value);
}

/** The edit that renames a key; it is quoted as the old one. */
export function renameKey(tree: SyntaxTree, keyNode: SyntaxNode, key: string): TextEdit {
  if (keyNode.kind !== 'scalar' || keyNode.style === 'block' || keyNode.tag !== '')
    throw new EditRefusal(UNEDITABLE_KEY);
  if (tree.shared.has(keyNode)) throw new EditRefusal('an alias repeats its key elsewhere');
  return { start: keyNode.start, end: keyNode.end, replacement: scalarText(key, quoteOf(keyNode)) };
}
