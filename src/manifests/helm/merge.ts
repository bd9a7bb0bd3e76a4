import { isArray, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { setMember } from '../yaml/compose.ts';

/**
 * The values of two files merged as `helm -f a -f b` merges them: mappings key by key; any other value,
 * null included, is that of the later file.
 */
export function mergeValues(a: JsonObject, b: JsonObject): JsonObject {
  const merged: Record<string, Json> = {};
  for (const [key, value] of Object.entries(a)) setMember(merged, key, value);
  for (const [key, value] of Object.entries(b)) {
    const before = own(a, key);
    setMember(merged, key, isObject(before) && isObject(value) ? mergeValues(before, value) : value);
  }
  return merged;
}

/**
 * The index of the file that sets the value at a path: the last one that has it. If none has it, the one
 * that has the longest part of the path, or a value that rules it out.
 */
export function indexOfDefiningFile(files: readonly JsonObject[], path: Path): number {
  let best = files.length - 1;
  let longest = -1;
  for (let index = files.length - 1; index >= 0; index -= 1) {
    const { depth, blocks } = depthOf(files[index]!, path);
    if (depth > longest) [best, longest] = [index, depth];
    if (depth === path.length || blocks) return best;
  }
  return best;
}

/** How many steps of a path exist. `blocks`: the last value is not a mapping, so no earlier file can set the rest. */
function depthOf(json: JsonObject, path: Path): { readonly depth: number; readonly blocks: boolean } {
  let value: Json = json;
  for (const [depth, step] of path.entries()) {
    const next = own(value, step);
    if (next === undefined) return { depth, blocks: isArray(value) || !isObject(value) };
    value = next;
  }
  return { depth: path.length, blocks: false };
}
