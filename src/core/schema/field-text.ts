import { isArray, isObject, type Json } from '../base/json.ts';
import { formatPath, type Path } from '../base/path.ts';
import { either, quoted } from '../base/text.ts';

const MAX_LENGTH = 60;

/** A value as Kubernetes reads it: `the number 2`, `the boolean true`. */
export function readAs(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing (null)';
  if (isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (typeof value === 'string') return `the string ${quoted(value)}`;
  return `the ${typeof value === 'boolean' ? 'boolean' : 'number'} ${String(value).slice(0, MAX_LENGTH)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/**
 * The types that a schema allows: `an integer or a string`. Null is left out, because the apiserver drops
 * nulls.
 */
export function typesText(types: readonly string[]): string {
  return either(types.filter((type) => type !== 'null').map((type) => TYPES[type] ?? type));
}

/** A path in a message, without the middle of a long one; for the root, the kind. */
export function fieldText(path: Path, kind: string): string {
  if (path.length === 0) return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
  const text = formatPath(path);
  if (text.length <= MAX_LENGTH) return text;
  const tail = path.findLastIndex((step) => typeof step === 'string');
  const end = formatPath(path.slice(Math.max(tail, 2)));
  const short = `${formatPath(path.slice(0, 2))}…${end}`;
  return short.length > 2 * MAX_LENGTH ? `${short.slice(0, 2 * MAX_LENGTH)}…` : short;
}
