/** One word of a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One word of fish, whatever is in it. */
export function fishWord(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Text for one line of a list. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
