/** Puts faults into objects: the slips of people who write manifests. */
import { at, isArray, isObject, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import { applyEdits } from '../../../src/core/base/edits.ts';
import type { Path } from '../../../src/core/base/path.ts';
import type { Draw } from './random-text.ts';

/** An object with one more fault, or one that happens to be none. */
export function withFault(object: JsonObject, draw: Draw): JsonObject {
  const paths = pathsOf(object).filter((path) => !['apiVersion', 'kind'].includes(String(path[0])));
  if (paths.length === 0) return object;
  const path = paths[draw(paths.length)]!;
  const value = at(object, path)!;
  const parent = path.slice(0, -1);
  const key = path.at(-1)!;
  const put = (wrong: Json) => applyEdits(object, [{ op: 'replace', path, value: wrong }]);
  switch (draw(12)) {
    case 0:
    case 1:
      return typeof key === 'string' && !isArray(at(object, parent))
        ? applyEdits(object, [{ op: 'move', from: path, path: [...parent, slip(key, draw)] }])
        : object;
    case 2:
    case 3:
      return typeof value === 'string' && value !== '' ? put(slip(value, draw)) : object;
    case 4:
    case 5:
      return put(retyped(value, draw));
    case 6:
      return applyEdits(object, [{ op: 'remove', path }]);
    case 7:
      return put(null);
    case 8:
      return path.length > 2 && typeof key === 'string' && typeof path.at(-2) === 'string'
        ? applyEdits(object, [{ op: 'move', from: path, path: [...path.slice(0, -2), key] }])
        : object;
    case 9:
      return put(isArray(value) ? (value[0] ?? '') : [value]);
    case 10:
      return typeof value === 'string' ? put(value.toUpperCase()) : object;
    default:
      return put(`<${String(key)}>`);
  }
}

function pathsOf(value: Json, path: Path = []): Path[] {
  const own = path.length === 0 ? [] : [path];
  if (isArray(value)) return [...own, ...value.flatMap((each, index) => pathsOf(each, [...path, index]))];
  if (!isObject(value)) return own;
  return [...own, ...Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]))];
}

function slip(text: string, draw: Draw): string {
  const index = draw(text.length);
  const [before, here, after] = [text.slice(0, index), text[index] ?? '', text.slice(index + 1)];
  switch (draw(4)) {
    case 0:
      return `${before}${after}` || 'x';
    case 1:
      return `${before}${here}${here}${after}`;
    case 2:
      return `${before}${after[0] ?? ''}${here}${after.slice(1)}`;
    default:
      return before + (here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase()) + after;
  }
}

function retyped(value: Json, draw: Draw): Json {
  if (typeof value === 'string' && /^[0-9]{1,6}$/.test(value)) return Number(value);
  if (value === 'true' || value === 'false') return value === 'true';
  if (typeof value === 'number') return String(value);
  return [2, 1.5, true, false, '2', {}, []][draw(7)]!;
}
