/** Signs that Chinese input methods write, and the ASCII sign that YAML and Kubernetes know. */
const SIGNS: Readonly<Record<string, readonly [name: string, ascii: string]>> = {
  '\uff1a': ['full-width colon', ':'],
  '\uff0c': ['full-width comma', ','],
  '\u3001': ['ideographic comma', ','],
  '\u201c': ['curly quotation mark', '"'],
  '\u201d': ['curly quotation mark', '"'],
  '\u2018': ['curly quotation mark', "'"],
  '\u2019': ['curly quotation mark', "'"],
  '\uff3b': ['full-width bracket', '['],
  '\uff3d': ['full-width bracket', ']'],
  '\uff5b': ['full-width brace', '{'],
  '\uff5d': ['full-width brace', '}'],
  '\u3000': ['ideographic space', ' '],
};

const ANY = new RegExp(`[${Object.keys(SIGNS).join('')}]`);

/** The first full-width sign of a text: its offset, what it is and what to write; undefined without one. */
export function fullWidthSign(text: string): { at: number; message: string; help: string } | undefined {
  const at = text.search(ANY);
  const sign = at < 0 ? undefined : SIGNS[text[at]!];
  if (sign === undefined) return undefined;
  const code = text.charCodeAt(at).toString(16).toUpperCase();
  const [name, ascii] = sign;
  return { at, message: `${name} (U+${code})`, help: `write ${ascii === '"' ? "'\"'" : `"${ascii}"`}` };
}
