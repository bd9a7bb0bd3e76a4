import { joined, quoted } from '../../base/text.ts';

/** `"a"`, `"a" and "b"`, `"a", "b", "c" and 4 more`. */
export function quotedList(values: readonly string[], most = 4): string {
  const shown = values.length > most ? values.slice(0, most - 1) : values;
  const words = shown.map(quoted);
  if (values.length > shown.length) words.push(`${values.length - shown.length} more`);
  return joined(words, most);
}

/** `node` or `nodes`, as many as there are. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** What the first list has and the second has not. */
export function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const held = new Set(other);
  return list.filter((value) => !held.has(value));
}
