import { isFirstOnLine, lineEnd, lineStart, nextLine, skipBlanks, skipIdle } from './lines.ts';
import { colonEnd, endOfEntry, entryStart, lastTextOf } from './places.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal, type TextEdit } from './types.ts';
import { refuseAnchors, refuseProperties, type Step } from './walk.ts';

/** The edits that take an entry out, the last of `steps`. Comments on lines of their own stay. */
export function remove(tree: SyntaxTree, steps: readonly Step[], isPadded: boolean): TextEdit[] {
  const { holder, index, entry } = steps[steps.length - 1]!;
  refuseAnchors(tree, entry.value);
  if (holder.pair) throw new EditRefusal('it stands in a list of pairs without braces');
  if (entry.keyNode !== undefined && !holder.flow) colonEnd(tree, entry);
  if (holder.flow) return removeInFlow(tree, holder, index);
  if (holder.entries.length === 1) return empty(tree, steps, isPadded);
  return [removeInBlock(tree, holder, index, isPadded)];
}

function removeInBlock(tree: SyntaxTree, holder: SyntaxNode, index: number, isPadded: boolean): TextEdit {
  const { text } = tree;
  const start = entryStart(tree, holder, index);
  const entry = holder.entries[index]!;
  const end = entry.value.style === 'empty' ? endOfEntry(tree, entry) : lastTextOf(tree, entry.value);
  if (isFirstOnLine(text, start)) return wholeLines(text, start, end, isPadded);
  // It shares its line with the dash of an item, which the next entry takes over.
  if (index + 1 >= holder.entries.length) throw new EditRefusal('it shares its line with what stays');
  const next = entryStart(tree, holder, index + 1);
  const isPlain = text.slice(end, next).trim() === '';
  return { start, end: isPlain ? next : end, replacement: '' };
}

function wholeLines(text: string, start: number, end: number, isPadded: boolean): TextEdit {
  const from = lineStart(text, start);
  const to = end > 0 && lineStart(text, end) === end && end > start ? end : nextLine(text, end);
  // The last line of a file that does not end with a line break takes the break above with it.
  if (isPadded && to === text.length && from > 0) return { start: from - 1, end: to - 1, replacement: '' };
  return { start: from, end: to, replacement: '' };
}

/** Takes the only entry out: brackets stay. */
function empty(tree: SyntaxTree, steps: readonly Step[], isPadded: boolean): TextEdit[] {
  const { text } = tree;
  const { holder } = steps[steps.length - 1]!;
  const brackets = holder.kind === 'mapping' ? '{}' : '[]';
  const start = entryStart(tree, holder, 0);
  const end = lastTextOf(tree, holder);
  const outer = steps[steps.length - 2];
  const isNamed = outer !== undefined && outer.holder.kind === 'mapping' && !outer.holder.flow;
  if (isNamed && holder.anchor === '' && holder.tag === '' && isFirstOnLine(text, start)) {
    const colon = colonEnd(tree, outer.entry);
    return [
      { start: colon, end: colon, replacement: ` ${brackets}` },
      wholeLines(text, start, end, isPadded),
    ];
  }
  const isLine = lineStart(text, end) === end && end > start;
  return [{ start, end: isLine ? end - 1 : end, replacement: brackets }];
}

function removeInFlow(tree: SyntaxTree, holder: SyntaxNode, index: number): TextEdit[] {
  const { text } = tree;
  if (holder.kind === 'sequence') refuseProperties(holder.entries[index]!.value);
  else colonEnd(tree, holder.entries[index]!);
  const start = entryStart(tree, holder, index);
  const end = endOfEntry(tree, holder.entries[index]!);
  const comma = commaAfter(text, end);
  if (holder.entries.length === 1)
    return [{ start, end: comma === undefined ? end : comma + 1, replacement: '' }];
  const isLast = index === holder.entries.length - 1;
  const before = index === 0 ? undefined : endOfEntry(tree, holder.entries[index - 1]!);
  const behind = comma === undefined ? end : comma + 1;
  if (isFirstOnLine(text, start) && isLineDone(text, behind)) {
    const line = { start: lineStart(text, start), end: nextLine(text, behind), replacement: '' };
    const above =
      isLast && comma === undefined && before !== undefined ? commaAfter(text, before) : undefined;
    return above === undefined ? [line] : [{ start: above, end: above + 1, replacement: '' }, line];
  }
  if (!isLast) {
    const next = entryStart(tree, holder, index + 1);
    return [{ start, end: text.slice(behind, next).trim() === '' ? next : behind, replacement: '' }];
  }
  if (before === undefined) throw new EditRefusal('it could not be told from what stays');
  const gap = text.slice(before, start);
  if (/^\s*,\s*$/.test(gap)) return [{ start: before, end, replacement: '' }];
  const above = commaAfter(text, before);
  const self = { start, end: behind, replacement: '' };
  return above === undefined || comma !== undefined
    ? [self]
    : [{ start: above, end: above + 1, replacement: '' }, self];
}

function commaAfter(text: string, end: number): number | undefined {
  const at = skipIdle(text, end);
  return text[at] === ',' ? at : undefined;
}

/** True where nothing but a comment stands on the rest of a line. */
function isLineDone(text: string, at: number): boolean {
  const next = skipBlanks(text, at);
  return next === lineEnd(text, at) || text[next] === '#';
}
