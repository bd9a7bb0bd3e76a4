import { at, isArray, isObject, type Json, type JsonObject, own } from './json.ts';
import type { Path } from './path.ts';

/** One step of a fix, on the object's JSON; `add` also creates missing parents. */
export type FixEdit =
  | { readonly op: 'add' | 'replace'; readonly path: Path; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'move'; readonly from: Path; readonly path: Path };

/**
 * An object with a fix applied, one edit after the other. The object given is left as it is; what no
 * edit touches is shared with it.
 *
 * `add` puts a value at a path, making missing and null parents; in a list it goes before the item of that
 * index. `replace` and `remove` do nothing where there is nothing. `move` takes the value from one path
 * and adds it at another. An edit that leads through a scalar does nothing.
 */
export function applyEdits(json: JsonObject, edits: readonly FixEdit[]): JsonObject {
  let result: Json = json;
  for (const edit of edits) result = apply(result, edit);
  return isObject(result) ? result : json;
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
