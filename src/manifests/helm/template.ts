import { isArray, type Json, type JsonObject, own } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { ROOT } from '../../core/helm/chart.ts';

/** More values than any file of them holds; no more are looked at. */
const MAX_VALUES = 100_000;

/** The first text that is still a template, among the values that the chart takes the cluster from. */
export function findTemplate(json: JsonObject): { readonly path: Path; readonly text: string } | undefined {
  let left = MAX_VALUES;
  const path: (string | number)[] = [ROOT];
  /** The text itself; `path` is left where it was found. */
  const visit = (value: Json): string | undefined => {
    left -= 1;
    if (typeof value === 'string') return value.includes('{{') ? value : undefined;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [key, each] of isArray(value) ? value.entries() : Object.entries(value)) {
      if (left <= 0) return undefined;
      path.push(key);
      const found = visit(each);
      if (found !== undefined) return found;
      path.pop();
    }
    return undefined;
  };
  const text = visit(own(json, ROOT) ?? null);
  return text === undefined ? undefined : { path, text };
}
