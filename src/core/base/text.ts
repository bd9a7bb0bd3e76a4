/** The text with at most `limit` characters; an ellipsis marks a cut. */
export function truncate(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, Math.max(0, limit - 1))}…`;
}

/** The longest value that a message shows whole. A label value has at most 63 characters. */
const MAX_QUOTED = 80;

/** A value in double quotes, cut if it is longer than a usual one. */
export function quoted(text: string): string {
  return JSON.stringify(truncate(text, MAX_QUOTED));
}

/** The longest value that a help shows whole. A reference `<namespace>/<name>` has at most 317 characters. */
const MAX_TO_COPY = 512;

/** A value in double quotes that the user copies from a help, so it is not cut as in a message. */
export function quotedInFull(text: string): string {
  return JSON.stringify(truncate(text, MAX_TO_COPY));
}

/** `a`, `a and b`, `a, b and c`. Of more than `most` words, the first ones and how many more. */
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

/** `node` or `nodes`, depending on the count. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** The items of the first list that the second does not have. */
export function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const held = new Set(other);
  return list.filter((value) => !held.has(value));
}

let collator: Intl.Collator | undefined;

/** The order of names with numbers in numeric order: `worker-2` before `worker-10`. The same on every machine. */
export function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  const order = collator.compare(a, b);
  if (order !== 0) return order;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** True for text without a visible character. */
export function isBlankText(text: string): boolean {
  return text.trim() === '';
}
