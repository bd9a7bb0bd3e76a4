import { isArray, isObject, type Json } from '../base/json.ts';

/** No more of an object is looked at. A large cluster's object holds a few hundred values. */
export const MAX_VALUES = 10_000;
const MAX_DEPTH = 24;

/**
 * An object as the apiserver sees it when it validates: null members are dropped, and integers of any
 * size are numbers. What is deeper than any schema is left as it is, and past {@link MAX_VALUES} values
 * the rest is left out: then `whole` is false. The value itself is given back where nothing differs.
 */
export function asRead(value: Json): { readonly value: unknown; readonly whole: boolean } {
  const budget = { left: MAX_VALUES };
  const result = convert(value, 0, budget);
  return { value: result, whole: budget.left > 0 };
}

function convert(value: Json, depth: number, budget: { left: number }): unknown {
  budget.left -= 1;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return value;
  if (isArray(value)) return convertList(value, depth, budget);
  return isObject(value) ? convertObject(value, depth, budget) : value;
}

function convertList(value: readonly Json[], depth: number, budget: { left: number }): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    if (budget.left <= 0) return copy ?? value.slice(0, index);
    const each = value[index]!;
    const converted = convert(each, depth + 1, budget);
    if (copy === undefined && converted !== each) copy = value.slice(0, index) as unknown[];
    copy?.push(converted);
  }
  return copy ?? value;
}

function convertObject(
  value: { readonly [key: string]: Json },
  depth: number,
  budget: { left: number },
): unknown {
  const keys = Object.keys(value);
  let copy: Record<string, unknown> | undefined;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index]!;
    if (budget.left <= 0) return copy ?? copyOf(value, keys.slice(0, index));
    const each = value[key]!;
    // What the cluster writes is no person's business, and can be large.
    const skipped = (depth === 0 && key === 'status') || (depth === 1 && key === 'managedFields');
    const result = skipped ? each : convert(each, depth + 1, budget);
    if (copy === undefined && (result !== each || each === null)) copy = copyOf(value, keys.slice(0, index));
    if (copy !== undefined && result !== null) copy[key] = result;
  }
  return copy ?? value;
}

function copyOf(value: { readonly [key: string]: Json }, keys: readonly string[]): Record<string, unknown> {
  // Without a prototype, `__proto__` is a key like any other.
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of keys) copy[key] = value[key];
  return copy;
}
