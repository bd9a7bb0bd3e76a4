import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type FixEdit } from '../../core/base/edits.ts';
import { at, isArray, isObject, type Json } from '../../core/base/json.ts';
import { isPrefix, type Path, parentPath } from '../../core/base/path.ts';
import { SourceText } from '../source.ts';
import { compose } from '../yaml/compose.ts';
import { YamlError } from '../yaml/error.ts';
import { JsonEvents } from '../yaml/json-events.ts';
import { Parser } from '../yaml/parser.ts';
import { readTree, type SyntaxTree } from '../yaml/tree.ts';
import { movedContent } from './content.ts';
import { followPath } from './follow-path.ts';
import { insertContent } from './insert.ts';
import { removeEntry } from './remove.ts';
import { renameKey, replaceValue, wrapInList } from './replace.ts';
import { applyTextEdits, EditRefusal, type TextEdit } from './text-edit.ts';

/**
 * The text of one document with edits of its JSON made in it, and no other change. The result is read
 * again: its value is exactly that of {@link applyEdits}. Throws {@link EditRefusal} if that is not possible.
 */
export function editDocument(text: string, isJson: boolean, edits: readonly FixEdit[]): string {
  const before = jsonOf(text, isJson);
  if (!isObject(before)) throw new EditRefusal('the document is not an object');
  if (hasRareBreak(text, isJson))
    throw new EditRefusal('lines end with NEL, LS or PS (U+0085, U+2028, U+2029); write LF or CRLF');
  // A lone CR ends a line as LF does.
  const isCr = text.includes('\r') && !text.includes('\n');
  let result = isCr ? text.replaceAll('\r', '\n') : text;
  try {
    for (const edit of edits) result = apply(result, isJson, edit);
    if (isCr) result = result.replaceAll('\n', '\r');
  } catch (error) {
    if (error instanceof YamlError) throw new EditRefusal('the text around it cannot be edited safely');
    throw error;
  }
  if (!isJsonOf(applyEdits(before, edits), result, isJson))
    throw new EditRefusal('an edit of the text would change more than this value');
  return result;
}

/**
 * The text with all edits of several fixes, made after one reading; undefined if one of them needs a
 * reading of its own, or if they overlap. For a List of 200 objects with 1000 fixes (90 KB), --fix takes
 * 1 s instead of 20 s.
 */
export function editAtOnce(text: string, isJson: boolean, edits: readonly FixEdit[]): string | undefined {
  if ((text.includes('\r') && !text.includes('\n')) || hasRareBreak(text, isJson)) return undefined;
  try {
    const before = jsonOf(text, isJson);
    if (!isObject(before)) return undefined;
    const source = new SourceText(text);
    const tree = treeOf(source, isJson);
    const textEdits: TextEdit[] = [];
    for (const edit of edits) {
      const own = textEditsOf(tree, edit, source.isPadded);
      if (own === undefined) return undefined;
      textEdits.push(...own);
    }
    const result = applyTextEdits(text, source, textEdits);
    return isJsonOf(applyEdits(before, edits), result, isJson) ? result : undefined;
  } catch (error) {
    if (error instanceof EditRefusal || error instanceof YamlError) return undefined;
    throw error;
  }
}

/** True for a line break of YAML 1.1 that editors do not show as one. An edit would mix it with LF. */
function hasRareBreak(text: string, isJson: boolean): boolean {
  return !isJson && /[\u0085\u2028\u2029]/.test(text);
}

/** The value of the text of one document. Throws {@link YamlError} if kubectl rejects it. */
function jsonOf(text: string, isJson: boolean): Json {
  const source = new SourceText(text);
  return compose(isJson ? new JsonEvents(source.text, 0) : new Parser(source.text)).json;
}

/** True if the text of a document has exactly that value; the order of keys does not count. */
function isJsonOf(wanted: Json, text: string, isJson: boolean): boolean {
  try {
    return isDeepStrictEqual(jsonOf(text, isJson), wanted);
  } catch (error) {
    if (error instanceof YamlError) return false;
    throw error;
  }
}

function treeOf(source: SourceText, isJson: boolean): SyntaxTree {
  const tree = readTree(source.text, isJson);
  if (tree === undefined) throw new EditRefusal('the document is empty');
  return tree;
}

/** The edits of the text for an edit that needs one reading only; undefined for the others. */
function textEditsOf(tree: SyntaxTree, edit: FixEdit, isPadded: boolean): TextEdit[] | undefined {
  if (edit.op === 'move') return renameEdits(tree, edit.from, edit.path);
  const found = followPath(tree, edit.path);
  const isMissing = found.rest.length > 0;
  if (edit.op === 'remove') return isMissing ? [] : removeEntry(tree, found.steps, isPadded, false);
  if (isMissing) {
    if (edit.op === 'replace') return [];
    return insertContent(tree, found, { kind: 'value', value: edit.value }, isPadded);
  }
  const isItem = edit.op === 'add' && typeof edit.path.at(-1) === 'number';
  if (isItem || found.node.kind !== 'scalar' || isCollection(edit.value)) return undefined;
  return found.node.value === edit.value ? [] : replaceValue(tree, found.steps, edit.value);
}

/** For a move that gives a member another key. */
function renameEdits(tree: SyntaxTree, from: Path, path: Path): TextEdit[] | undefined {
  const found = followPath(tree, from);
  if (found.rest.length > 0) return [];
  const keyNode = found.steps.at(-1)?.entry.keyNode;
  const key = path.at(-1);
  const isRename = from.length === path.length && isPrefix(parentPath(from), path);
  if (!isRename || keyNode === undefined || typeof key !== 'string') return undefined;
  return followPath(tree, path).rest.length > 0 ? [renameKey(tree, keyNode, key)] : undefined;
}

/** One edit, or the smaller ones that it consists of, each in the text that the previous one left. */
function apply(text: string, isJson: boolean, edit: FixEdit): string {
  const source = new SourceText(text);
  const tree = treeOf(source, isJson);
  const simple = textEditsOf(tree, edit, source.isPadded);
  if (simple !== undefined) return applyTextEdits(text, source, simple);
  if (edit.op === 'move') return move(text, tree, edit.from, edit.path);
  return edit.op === 'remove' ? text : setValue(text, source, tree, edit.path, edit.value, edit.op === 'add');
}

/** Replaces an existing value, or inserts an item before it. */
function setValue(
  text: string,
  source: SourceText,
  tree: SyntaxTree,
  path: Path,
  value: Json,
  isAdd: boolean,
): string {
  if (isAdd && typeof path.at(-1) === 'number') {
    const place = { ...followPath(tree, parentPath(path)), rest: path.slice(-1) };
    const edits = insertContent(tree, place, { kind: 'value', value }, source.isPadded);
    return applyTextEdits(text, source, edits);
  }
  const old = at(jsonOf(text, tree.isJson), path) ?? null;
  if (isDeepStrictEqual(old, value)) return text;
  const { steps } = followPath(tree, path);
  if (isArray(value) && value.length === 1 && isDeepStrictEqual(value[0], old))
    return applyTextEdits(text, source, wrapInList(tree, steps));
  if (old === null && isCollection(value) && Object.keys(value as object).length > 0)
    return fillNull(text, source, tree, path, value);
  const parts = partsOf(path, old, value);
  if (parts === undefined) return applyTextEdits(text, source, replaceValue(tree, steps, value));
  return parts.reduce((result, part) => apply(result, tree.isJson, part), text);
}

function isCollection(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

/** Replaces a null by a collection: its first member, then the others. */
function fillNull(text: string, source: SourceText, tree: SyntaxTree, path: Path, value: Json): string {
  const [key, ...others] = isArray(value) ? [...value.keys()] : Object.keys(value as object);
  const place = { ...followPath(tree, path), rest: [key!] };
  const content = { kind: 'value', value: at(value, [key!])! } as const;
  const first = applyTextEdits(text, source, insertContent(tree, place, content, source.isPadded));
  return others.reduce<string>((result, each) => {
    const edit = { op: 'add', path: [...path, each], value: at(value, [each])! } as const;
    return apply(result, tree.isJson, edit);
  }, first);
}

/** The edits that turn one collection into another; undefined if they are of two types. */
function partsOf(path: Path, old: Json, value: Json): FixEdit[] | undefined {
  if (isArray(old) && isArray(value)) {
    const parts: FixEdit[] = [];
    for (let index = old.length - 1; index >= value.length; index--)
      parts.push({ op: 'remove', path: [...path, index] });
    for (const [index, item] of value.entries())
      parts.push({ op: index < old.length ? 'replace' : 'add', path: [...path, index], value: item });
    return parts;
  }
  if (!isObject(old) || !isObject(value)) return undefined;
  const removed = Object.keys(old).filter((key) => !Object.hasOwn(value, key));
  return [
    ...Object.keys(value).map(
      (key): FixEdit => ({
        op: Object.hasOwn(old, key) ? 'replace' : 'add',
        path: [...path, key],
        value: value[key]!,
      }),
    ),
    ...removed.map((key): FixEdit => ({ op: 'remove', path: [...path, key] })),
  ];
}

/** Moves an existing value. */
function move(text: string, tree: SyntaxTree, from: Path, path: Path): string {
  const { steps, rest: missing } = followPath(tree, from);
  const step = steps.at(-1);
  if (step === undefined || missing.length > 0) return text;
  if (isPrefix(from, path)) throw new EditRefusal('it cannot be moved into itself');
  // A value that exists at the target, a null or an empty one, is removed first.
  if (followPath(tree, path).rest.length === 0)
    return apply(apply(text, tree.isJson, { op: 'remove', path }), tree.isJson, { op: 'move', from, path });
  const content = movedContent(tree, step);
  const source = new SourceText(text);
  const removal = removeEntry(tree, steps, source.isPadded, content.kind === 'block');
  const without = applyTextEdits(text, source, removal);
  const rest = new SourceText(without);
  const left = treeOf(rest, tree.isJson);
  const edits = insertContent(left, followPath(left, path), content, rest.isPadded);
  return applyTextEdits(without, rest, edits);
}
