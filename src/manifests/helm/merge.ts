import { isArray, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { setMember } from '../yaml/compose.ts';

/**
 * Values of several files as `helm -f a -f b` puts them together: mappings key by key, everything else,
 * null included, as the later file has it.
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

/** How far a path leads into a value. `stops`: what it ends at leaves no room for the rest, so no other file can fill it in. */
interface Reach {
  readonly depth: number;
  readonly stops: boolean;
}

/**
 * Which of several merged files gives the value at a path: the last that has it. Where none has, the one
 * that goes furthest towards it, or the one that rules it out.
 */
export function giverOf(files: readonly JsonObject[], path: Path): number {
  let best = files.length - 1;
  let depth = -1;
  for (let index = files.length - 1; index >= 0; index -= 1) {
    const reach = reachOf(files[index]!, path);
    if (reach.depth > depth) [best, depth] = [index, reach.depth];
    if (reach.depth === path.length || reach.stops) return best;
  }
  return best;
}

function reachOf(json: JsonObject, path: Path): Reach {
  let value: Json = json;
  for (const [depth, step] of path.entries()) {
    const next = own(value, step);
    if (next === undefined) return { depth, stops: isArray(value) || !isObject(value) };
    value = next;
  }
  return { depth: path.length, stops: false };
}
