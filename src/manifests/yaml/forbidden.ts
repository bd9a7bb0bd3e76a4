const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters YAML forbids.
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** True when a text holds a character that YAML forbids. */
export function hasForbidden(text: string): boolean {
  return FORBIDDEN.test(text);
}

/** Where the first such character stands, or -1. */
export function findForbidden(text: string): number {
  return text.search(FORBIDDEN);
}
