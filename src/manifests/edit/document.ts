import { isDeepStrictEqual } from 'node:util';
import { applyEdits } from '../../core/apply-edits.ts';
import type { FixEdit } from '../../core/finding.ts';
import { at, isArray, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { isPrefix, type Path, parentPath } from '../../core/path.ts';
import { Source } from '../source.ts';
import { compose } from '../yaml/compose.ts';
import { YamlError } from '../yaml/error.ts';
import { JsonEvents } from '../yaml/json-events.ts';
import { Parser } from '../yaml/parser.ts';
import { carry } from './carry.ts';
import { insert } from './insert.ts';
import { remove } from './remove.ts';
import { replace, wrapInList } from './replace.ts';
import { scalarText } from './scalar-text.ts';
import { splice } from './splice.ts';
import { readTree, type SyntaxTree } from './tree.ts';
import { EditRefusal, type TextEdit } from './types.ts';
import { walk } from './walk.ts';

/**
 * The text of one document with edits of its JSON made in it, and nothing else touched. What comes out
 * is read again: it is exactly what {@link applyEdits} makes of the document. Throws
 * {@link EditRefusal} where that cannot be done.
 */
export function editDocument(text: string, isJson: boolean, edits: readonly FixEdit[]): string {
  const before = read(text, isJson);
  if (!isObject(before)) throw new EditRefusal('the document is no object');
  const wanted = applyEdits(before, edits);
  // A lone CR ends a line as LF does: it is led back afterwards.
  const isCr = text.includes('\r') && !text.includes('\n');
  let result = isCr ? text.replaceAll('\r', '\n') : text;
  try {
    for (const edit of edits) result = apply(result, isJson, edit);
    if (isCr) result = result.replaceAll('\n', '\r');
  } catch (error) {
    if (error instanceof YamlError) throw new EditRefusal('the text around it cannot be edited safely');
    throw error;
  }
  if (!reads(result, isJson, wanted))
    throw new EditRefusal('an edit of the text would change more than that');
  return result;
}

/**
 * Several fixes in one go, for documents in which there are many: undefined where they are not all of the
 * kind that can be made from one reading, or would get in one another's way. The result is held against
 * {@link applyEdits} as that of {@link editDocument} is.
 */
export function editTogether(
  text: string,
  isJson: boolean,
  fixes: readonly (readonly FixEdit[])[],
): string | undefined {
  const source = new Source(text);
  if (text.includes('\r') && !text.includes('\n')) return undefined;
  try {
    const before = read(text, isJson);
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
    return reads(result, isJson, applyEdits(before, fixes.flat())) ? result : undefined;
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
  if (edit.op === 'remove') return undefined;
  const found = walk(tree, edit.op === 'move' ? edit.from : edit.path);
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

function reads(text: string, isJson: boolean, wanted: Json): boolean {
  try {
    return isDeepStrictEqual(read(text, isJson), wanted);
  } catch (error) {
    if (error instanceof YamlError) return false;
    throw error;
  }
}

function read(text: string, isJson: boolean): Json {
  const source = new Source(text);
  return compose(isJson ? new JsonEvents(source.text, 0) : new Parser(source.text)).json;
}

/** One edit, or the smaller ones it is made of, each in the text that the one before left. */
function apply(text: string, isJson: boolean, edit: FixEdit): string {
  if (edit.op === 'move') return move(text, isJson, edit.from, edit.path);
  const source = new Source(text);
  const tree = treeOf(source, isJson);
  const isPadded = source.text.length > 0 && !/[\n\r]$/.test(text);
  const found = walk(tree, edit.path);
  const isThere = found.rest.length === 0;
  if (edit.op === 'remove') return isThere ? splice(text, source, remove(tree, found.steps, isPadded)) : text;
  if (edit.op === 'replace' && !isThere) return text;
  if (!isThere || (edit.op === 'add' && typeof edit.path.at(-1) === 'number')) {
    const place = isThere ? walkTo(tree, edit.path) : found;
    return splice(text, source, insert(tree, place, { kind: 'value', value: edit.value }, isPadded));
  }
  const old = at(read(text, isJson), edit.path) ?? null;
  if (isDeepStrictEqual(old, edit.value)) return text;
  if (isArray(edit.value) && edit.value.length === 1 && isDeepStrictEqual(edit.value[0], old))
    return splice(text, source, wrapInList(tree, found.steps));
  const isHollow = old === null && typeof edit.value === 'object' && edit.value !== null;
  if (isHollow && Object.keys(edit.value).length > 0) return fill(text, source, tree, edit.path, edit.value);
  const parts = partsOf(edit.path, old, edit.value);
  if (parts === undefined) return splice(text, source, replace(tree, found.steps, edit.value));
  return parts.reduce((result, part) => apply(result, isJson, part), text);
}

function treeOf(source: Source, isJson: boolean): SyntaxTree {
  const tree = readTree(source.text, isJson);
  if (tree === undefined) throw new EditRefusal('the document is empty');
  return tree;
}

/** The walk to the holder of an item that is to be put before another. */
function walkTo(tree: SyntaxTree, path: Path): ReturnType<typeof walk> {
  return { ...walk(tree, parentPath(path)), rest: path.slice(-1) };
}

/** Puts a collection where a null stands: its first member makes room for the others. */
function fill(text: string, source: Source, tree: SyntaxTree, path: Path, value: Json): string {
  const isPadded = source.text.length > 0 && !/[\n\r]$/.test(text);
  const found = walk(tree, path);
  const [key, ...others] = isArray(value) ? [...value.keys()] : Object.keys(value as object);
  const place = { ...found, rest: [key!] };
  const content = { kind: 'value', value: at(value, [key!])! } as const;
  const first = splice(text, source, insert(tree, place, content, isPadded));
  return others.reduce<string>(
    (result, each) =>
      apply(result, tree.isJson, { op: 'add', path: [...path, each], value: at(value, [each])! }),
    first,
  );
}

/** What a replacement of one collection by another comes down to; undefined where they are of two types. */
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
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(value, key));
  return [
    ...Object.keys(value).map(
      (key): FixEdit => ({
        op: Object.hasOwn(old, key) ? 'replace' : 'add',
        path: [...path, key],
        value: value[key]!,
      }),
    ),
    ...gone.map((key): FixEdit => ({ op: 'remove', path: [...path, key] })),
  ];
}

function move(text: string, isJson: boolean, from: Path, path: Path): string {
  const source = new Source(text);
  const tree = treeOf(source, isJson);
  const found = walk(tree, from);
  const step = found.steps.at(-1);
  if (found.rest.length > 0 || step === undefined) return text;
  if (isPrefix(from, path)) throw new EditRefusal('it cannot be moved into itself');
  // What stands at the target, a null or an empty value, makes room.
  if (walk(tree, path).rest.length === 0)
    return move(apply(text, isJson, { op: 'remove', path }), isJson, from, path);
  const key = path.at(-1);
  const isRenamed = from.length === path.length && isPrefix(parentPath(from), path);
  if (isRenamed && step.entry.keyNode !== undefined && typeof key === 'string') {
    return splice(text, source, [renamed(tree, step.entry.keyNode, key)]);
  }
  const content = carry(tree, step);
  const without = apply(text, isJson, { op: 'remove', path: from });
  const rest = new Source(without);
  const left = treeOf(rest, isJson);
  const isPadded = !/[\n\r]$/.test(without);
  return splice(without, rest, insert(left, walk(left, path), content, isPadded));
}

function renamed(tree: SyntaxTree, keyNode: SyntaxTree['root'], key: string): TextEdit {
  if (keyNode.kind !== 'scalar' || keyNode.style === 'block' || keyNode.tag !== '')
    throw new EditRefusal('its key is written in a form that is not edited');
  if (tree.shared.has(keyNode)) throw new EditRefusal('an alias repeats its key elsewhere');
  const quote = keyNode.style === 'single' || keyNode.style === 'double' ? keyNode.style : 'plain';
  return { start: keyNode.start, end: keyNode.end, replacement: scalarText(key, quote) };
}
