import { at, isArray, isObject, type Json, type JsonObject, own } from './json.ts';
import type { Path } from './path.ts';

/** One step of a fix, on the object's JSON; `add` also creates missing parents. */
export type FixEdit =
  | { readonly op: 'add' | 'replace'; readonly path: Path; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'move'; readonly from: Path; readonly path: Path };

/**
 * An object with edits applied, one after the other. The given object is not changed; the result shares with
 * it what no edit touches.
 *
 * `add` sets a value at a path and creates missing and null parents; in a list it inserts before the item of
 * that index. `replace` and `remove` do nothing if nothing is set. `move` takes the value from one path and
 * adds it at another. An edit whose path leads through a scalar does nothing.
 */
export function applyEdits(json: JsonObject, edits: readonly FixEdit[]): JsonObject {
  let result: Json = json;
  for (const edit of edits) result = apply(result, edit);
  return isObject(result) ? result : json;
}

/** As {@link applyEdits}, but an `add` changes nothing where a value is set. Null counts as absent. */
export function fillAbsent(json: JsonObject, edits: readonly FixEdit[]): JsonObject {
  let result = json;
  for (const edit of edits)
    if (edit.op !== 'add' || (at(result, edit.path) ?? null) === null) result = applyEdits(result, [edit]);
  return result;
}

function apply(json: Json, edit: FixEdit): Json {
  const { path } = edit;
  if (edit.op === 'add') return put(json, path, edit.value, true);
  const value = at(json, edit.op === 'move' ? edit.from : path);
  if (value === undefined) return json;
  if (edit.op === 'replace') return put(json, path, edit.value, false);
  return edit.op === 'move' ? put(without(json, edit.from), path, value, true) : without(json, path);
}

function put(json: Json | undefined, path: Path, value: Json, insert: boolean): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const holder = json ?? (typeof key === 'number' ? [] : {});
  const leads = typeof key === 'number' ? isArray(holder) : isObject(holder);
  if (!leads) return holder;
  const child = rest.length === 0 ? value : put(own(holder, key), rest, value, insert);
  if (isObject(holder)) return { ...holder, [key]: child };
  const index = Math.min(Number(key), (holder as readonly Json[]).length);
  const replaced = insert && rest.length === 0 ? 0 : 1;
  return (holder as readonly Json[]).toSpliced(index, replaced, child);
}

function without(json: Json | undefined, path: Path): Json {
  const [key, ...rest] = path;
  const child = key === undefined ? undefined : own(json, key);
  if (key === undefined || child === undefined) return json ?? null;
  if (isArray(json))
    return rest.length === 0
      ? json.toSpliced(Number(key), 1)
      : json.toSpliced(Number(key), 1, without(child, rest));
  const { [key]: _gone, ...others } = json as JsonObject;
  return rest.length === 0 ? others : { ...(json as JsonObject), [key]: without(child, rest) };
}

/** One step of a JSON Patch (RFC 6902), as far as filling fields needs it. */
export interface PatchOperation {
  readonly op: 'add' | 'replace';
  /** A JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly value: Json;
}

/**
 * The smallest patch that turns `before` into `after`, which is `before` with fields added: one operation for
 * each subtree that did not exist, a `replace` for a null.
 */
export function patchOf(before: JsonObject, after: JsonObject): readonly PatchOperation[] {
  const patch: PatchOperation[] = [];
  collectPatch(before, after, '', patch);
  return patch;
}

function collectPatch(before: JsonObject, after: JsonObject, pointer: string, patch: PatchOperation[]): void {
  if (before === after) return;
  for (const key of Object.keys(after)) {
    const [old, value] = [own(before, key), own(after, key)];
    if (value === undefined || value === old) continue;
    const path = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (old === undefined) patch.push({ op: 'add', path, value });
    else if (old === null) patch.push({ op: 'replace', path, value });
    else if (isObject(old) && isObject(value)) collectPatch(old, value, path, patch);
  }
}
