import { isArray, type Json, type JsonObject } from '../core/base/json.ts';

/**
 * Copies objects so that they keep nothing alive but themselves: a string cut out of a file's text holds on
 * to all of it. Equal strings become one, for a world of clusters says the same things many times. Give one
 * function the objects of one world; the copies equal what they were made of.
 */
export function compactor(): (json: JsonObject) => JsonObject {
  const strings = new Map<string, string>();
  const text = (value: string): string => {
    let known = strings.get(value);
    if (known === undefined) {
      // Via bytes: every other way to copy a string may end in another view of the same text.
      known = Buffer.from(value, 'utf16le').toString('utf16le');
      strings.set(known, known);
    }
    return known;
  };
  const copy = (value: Json): Json => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    return isArray(value) ? value.map(copy) : object(value);
  };
  const object = (value: JsonObject): JsonObject =>
    // fromEntries makes an own member of every key, `__proto__` among them.
    Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), copy(member)]));
  return object;
}
