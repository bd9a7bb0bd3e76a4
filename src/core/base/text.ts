/** How rules put values and lists into a sentence. */

/** Longest value a message shows whole: that of a label. */
const MAX_LENGTH = 63;

/** A value in double quotes, cut where it is longer than any sensible one. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text);
}

/** `a`, `a and b`, `a, b and c`; of more than `most`, the first and how many more. */
export function joined(words: readonly string[], most = 6): string {
  const shown =
    words.length > most ? [...words.slice(0, most - 1), `${words.length - most + 1} more`] : words;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

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
