import { applyEdits, type FixEdit } from '../../core/base/edits.ts';
import { at, isObject, type Json, type JsonObject } from '../../core/base/json.ts';
import { isPrefix, parentPath } from '../../core/base/path.ts';
import { Source } from '../source.ts';
import { YamlError } from '../yaml/error.ts';
import { insert } from './insert.ts';
import { isJsonOf, jsonOf } from './reading.ts';
import { remove } from './remove.ts';
import { renamed } from './rename.ts';
import { replace } from './replace.ts';
import { splice } from './splice.ts';
import { readTree, type SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal, type TextEdit } from './types.ts';
import { walk } from './walk.ts';

/**
 * Several fixes in one go, for documents in which there are many: undefined where they are not all of the
 * kind that can be made from one reading, or would get in one another's way. The result is held against
 * {@link applyEdits} as that of editDocument is.
 */
export function editTogether(
  text: string,
  isJson: boolean,
  fixes: readonly (readonly FixEdit[])[],
): string | undefined {
  const source = new Source(text);
  if (text.includes('\r') && !text.includes('\n')) return undefined;
  try {
    const before = jsonOf(text, isJson);
    const tree = readTree(source.text, isJson);
    if (tree === undefined || !isObject(before)) return undefined;
    const edits: TextEdit[] = [];
    for (const edit of fixes.flat()) {
      const own = atOnce(tree, before, edit, !/[\n\r]$/.test(text));
      if (own === undefined) return undefined;
      edits.push(...own);
    }
    edits.sort((a, b) => a.start - b.start || a.end - b.end);
    if (edits.some(({ start }, index) => index > 0 && start < edits[index - 1]!.end)) return undefined;
    const result = splice(text, source, edits);
    return isJsonOf(applyEdits(before, fixes.flat()), result, isJson) ? result : undefined;
  } catch (error) {
    if (error instanceof EditRefusal || error instanceof YamlError) return undefined;
    throw error;
  }
}

/** The edits of the text for one edit that needs no second reading; undefined for all others. */
function atOnce(
  tree: SyntaxTree,
  before: JsonObject,
  edit: FixEdit,
  isPadded: boolean,
): TextEdit[] | undefined {
  const found = walk(tree, edit.op === 'move' ? edit.from : edit.path);
  if (edit.op === 'remove') return found.rest.length > 0 ? [] : remove(tree, found.steps, isPadded);
  if (edit.op === 'move') {
    const keyNode = found.rest.length === 0 ? found.steps.at(-1)?.entry.keyNode : undefined;
    const key = edit.path.at(-1);
    const isRenamed = edit.from.length === edit.path.length && isPrefix(parentPath(edit.from), edit.path);
    const isFree = walk(tree, edit.path).rest.length === 1;
    return isRenamed && isFree && keyNode !== undefined && typeof key === 'string'
      ? [renamed(tree, keyNode, key)]
      : undefined;
  }
  if (found.rest.length > 0) {
    return edit.op === 'replace' ? [] : insert(tree, found, { kind: 'value', value: edit.value }, isPadded);
  }
  const isScalar = (value: Json | undefined) => typeof value !== 'object' || value === null;
  return isScalar(edit.value) && isScalar(at(before, edit.path))
    ? replace(tree, found.steps, edit.value)
    : undefined;
}
