/** The one field a node selector can ask for. */
export const NAME_FIELD = 'metadata.name';

const LABEL_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const INTEGER = /^[-+]?[0-9]+$/;
const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);

/** Longest label value, and longest name part of a label key. */
export const MAX_LABEL = 63;

/** The largest integer that Gt and Lt know. */
export const MAX_INTEGER = MAX_INT64;

/** True for a label value that the apiserver accepts; the empty one is among them. */
export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= MAX_LABEL && LABEL_NAME.test(value));
}

/** True for a label key that the apiserver accepts: a name, optionally after a DNS subdomain and a slash. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (name.length > MAX_LABEL || !LABEL_NAME.test(name)) return false;
  return slash < 0 || isSubdomain(key.slice(0, slash));
}

/** True for a DNS-1123 subdomain, which every Node's name is. */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => DNS_LABEL.test(part));
}

/** The integer that Gt and Lt read in a text, or undefined: decimal, signed, 64 bits, leading zeros allowed. */
export function parseInteger(text: string): bigint | undefined {
  // Longer than any label; the bound keeps BigInt from work that grows faster than the text.
  if (text.length > 2 * MAX_LABEL || !INTEGER.test(text)) return undefined;
  const value = text.startsWith('+') ? BigInt(text.slice(1)) : BigInt(text);
  return value > MAX_INT64 || value < MIN_INT64 ? undefined : value;
}
