import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type FixEdit } from '../../core/base/edits.ts';
import { at, isArray, isObject, type Json } from '../../core/base/json.ts';
import { isPrefix, type Path, parentPath } from '../../core/base/path.ts';
import { Source } from '../source.ts';
import { YamlError } from '../yaml/error.ts';
import { carry } from './carry.ts';
import { insert } from './insert.ts';
import { isJsonOf, jsonOf } from './reading.ts';
import { remove } from './remove.ts';
import { renamed } from './rename.ts';
import { replace, wrapInList } from './replace.ts';
import { splice } from './splice.ts';
import { readTree, type SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal } from './types.ts';
import { walk } from './walk.ts';

/**
 * The text of one document with edits of its JSON made in it, and nothing else touched. What comes out
 * is read again: it is exactly what {@link applyEdits} makes of the document. Throws
 * {@link EditRefusal} where that cannot be done.
 */
export function editDocument(text: string, isJson: boolean, edits: readonly FixEdit[]): string {
  const before = jsonOf(text, isJson);
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
  if (!isJsonOf(wanted, result, isJson))
    throw new EditRefusal('an edit of the text would change more than that');
  return result;
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
  const old = at(jsonOf(text, isJson), edit.path) ?? null;
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
