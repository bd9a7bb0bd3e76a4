import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { type PathStep, refuseAnchors, refuseProperties } from './follow-path.ts';
import {
  colonEnd,
  endOfEntry,
  entryStart,
  isAfterBreak,
  isFirstOnLine,
  lastTextOf,
  lineEnd,
  lineStart,
  nextLine,
  skipBlanks,
  skipSpaceAndComments,
} from './positions.ts';
import { BARE_PAIR, EditRefusal, type TextEdit } from './text-edit.ts';

/**
 * The edits that remove an entry, the last of `steps`. Comments on lines of their own stay. A comment after the entry
 * stays on a line of its own, unless `takesComment`.
 */
export function removeEntry(
  tree: SyntaxTree,
  steps: readonly PathStep[],
  isPadded: boolean,
  takesComment: boolean,
): TextEdit[] {
  const { holder, index, entry } = steps[steps.length - 1]!;
  refuseAnchors(tree, entry.value);
  if (holder.pair) throw new EditRefusal(BARE_PAIR);
  if (entry.keyNode !== undefined && !holder.flow) colonEnd(tree, entry);
  if (holder.flow) return removeInFlow(tree, holder, index);
  if (holder.entries.length === 1) return removeOnly(tree, steps, isPadded, takesComment);
  return [removeInBlock(tree, holder, index, isPadded, takesComment)];
}

function removeInBlock(
  tree: SyntaxTree,
  holder: SyntaxNode,
  index: number,
  isPadded: boolean,
  takesComment: boolean,
): TextEdit {
  const { text } = tree;
  const start = entryStart(tree, holder, index);
  const entry = holder.entries[index]!;
  const end = entry.value.style === 'empty' ? endOfEntry(tree, entry) : lastTextOf(tree, entry.value);
  if (isFirstOnLine(text, start)) return wholeLines(text, start, end, isPadded, takesComment);
  // It shares its line with the dash of an item. The next entry takes its place there.
  if (index + 1 >= holder.entries.length) throw new EditRefusal('it shares its line with text that stays');
  const next = entryStart(tree, holder, index + 1);
  const isPlain = text.slice(end, next).trim() === '';
  return { start, end: isPlain ? next : end, replacement: '' };
}

function wholeLines(
  text: string,
  start: number,
  end: number,
  isPadded: boolean,
  takesComment: boolean,
): TextEdit {
  const from = lineStart(text, start);
  const isLine = end > start && isAfterBreak(text, end);
  const comment = isLine || takesComment ? undefined : commentAfter(text, end);
  if (comment !== undefined) return { start, end: comment, replacement: '' };
  const to = isLine ? end : nextLine(text, end);
  // If the file does not end with a line break, the break before its last line goes too.
  if (isPadded && to === text.length && from > 0) return { start: from - 1, end: to - 1, replacement: '' };
  return { start: from, end: to, replacement: '' };
}

/** Removes the only entry: empty brackets stay. */
function removeOnly(
  tree: SyntaxTree,
  steps: readonly PathStep[],
  isPadded: boolean,
  takesComment: boolean,
): TextEdit[] {
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
      wholeLines(text, start, end, isPadded, takesComment),
    ];
  }
  const isLine = end > start && isAfterBreak(text, end);
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
  const after = comma === undefined ? end : comma + 1;
  if (isFirstOnLine(text, start) && isLineDone(text, after)) {
    const comment = commentAfter(text, after);
    const line =
      comment === undefined
        ? { start: lineStart(text, start), end: nextLine(text, after), replacement: '' }
        : { start, end: comment, replacement: '' };
    const commaBefore =
      isLast && comma === undefined && before !== undefined ? commaAfter(text, before) : undefined;
    return commaBefore === undefined ? [line] : [removal(commaBefore), line];
  }
  if (!isLast) {
    const next = entryStart(tree, holder, index + 1);
    return [{ start, end: text.slice(after, next).trim() === '' ? next : after, replacement: '' }];
  }
  if (before === undefined) throw new EditRefusal('it cannot be separated from the text around it');
  const gap = text.slice(before, start);
  if (/^\s*,\s*$/.test(gap)) return [{ start: before, end, replacement: '' }];
  const commaBefore = comma === undefined ? commaAfter(text, before) : undefined;
  const self = { start, end: after, replacement: '' };
  return commaBefore === undefined ? [self] : [removal(commaBefore), self];
}

/** The removal of one character. */
function removal(at: number): TextEdit {
  return { start: at, end: at + 1, replacement: '' };
}

function commaAfter(text: string, end: number): number | undefined {
  const at = skipSpaceAndComments(text, end);
  return text[at] === ',' ? at : undefined;
}

/** True if the rest of a line is empty or a comment. */
function isLineDone(text: string, at: number): boolean {
  return skipBlanks(text, at) === lineEnd(text, at) || commentAfter(text, at) !== undefined;
}

/** The offset of the comment that is all of the rest of a line. */
function commentAfter(text: string, at: number): number | undefined {
  const next = skipBlanks(text, at);
  return text[next] === '#' ? next : undefined;
}
