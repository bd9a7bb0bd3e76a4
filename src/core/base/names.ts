/**
 * Names and labels as the apiserver accepts them:
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** The longest DNS label, label value, and name part of a label key. */
export const MAX_LABEL = 63;

/** True for a DNS label (RFC 1123), such as the name of a namespace. */
export function isDnsLabel(text: string): boolean {
  return text.length <= MAX_LABEL && DNS_LABEL.test(text);
}

/**
 * True for a DNS subdomain (RFC 1123), such as the name of a Node: its parts may be longer than a DNS label.
 */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && DNS_SUBDOMAIN.test(text);
}

/** True for a label value; it may be empty. */
export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= MAX_LABEL && QUALIFIED_NAME.test(value));
}

/** True for a label key: a name, optionally after a DNS subdomain and a slash. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (name.length > MAX_LABEL || !QUALIFIED_NAME.test(name)) return false;
  return slash < 0 || isDnsSubdomain(key.slice(0, slash));
}
