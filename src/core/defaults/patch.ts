import type { FixEdit } from '../base/edits.ts';
import { isObject, type Json, type JsonObject, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';

/** One step of a JSON Patch (RFC 6902), as far as filling fields needs it. */
export interface PatchOperation {
  readonly op: 'add' | 'replace';
  /** A JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly value: Json;
}

/**
 * An object with fields added. What is there already stays, whatever an edit says; null counts as
 * absent, and missing parents are made. What is not on the way to an edit is shared with the original.
 */
export function withAdded(json: JsonObject, edits: readonly FixEdit[]): JsonObject {
  let result = json;
  for (const edit of edits) if (edit.op === 'add') result = addAt(result, edit.path, edit.value);
  return result;
}

function addAt(object: JsonObject, [key, ...rest]: Path, value: Json): JsonObject {
  if (typeof key !== 'string') return object;
  const present = own(object, key) ?? undefined;
  if (rest.length === 0) return present === undefined ? { ...object, [key]: value } : object;
  if (present !== undefined && !isObject(present)) return object;
  const child = addAt(present ?? {}, rest, value);
  return child === present ? object : { ...object, [key]: child };
}

/**
 * The smallest patch that makes `after` of `before`, where `after` is `before` with fields added: one
 * operation for each subtree that was not there, a `replace` where a null stood.
 */
export function patchOf(before: JsonObject, after: JsonObject): readonly PatchOperation[] {
  const patch: PatchOperation[] = [];
  collect(before, after, '', patch);
  return patch;
}

function collect(before: JsonObject, after: JsonObject, pointer: string, patch: PatchOperation[]): void {
  if (before === after) return;
  for (const key of Object.keys(after)) {
    const [old, value] = [own(before, key), own(after, key)];
    if (value === undefined || value === old) continue;
    const path = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (old === undefined) patch.push({ op: 'add', path, value });
    else if (old === null) patch.push({ op: 'replace', path, value });
    else if (isObject(old) && isObject(value)) collect(old, value, path, patch);
  }
}
