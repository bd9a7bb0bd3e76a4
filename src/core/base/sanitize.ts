// Control characters, bidirectional overrides and other invisible format characters: what a hostile
// manifest could use to hide or forge terminal output. Last, what the log of a GitHub runner takes for a
// command, anywhere in a line: `##[`.
const UNSAFE = new RegExp(
  [
    '[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]',
    '[\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]',
    '[\\ud800-\\udbff](?![\\udc00-\\udfff])',
    '(?<![\\ud800-\\udbff])[\\udc00-\\udfff]',
    '(?<=#)#(?=\\[)',
  ].join('|'),
  'g',
);

/** Text from outside, made fit for a terminal or a log line: one line, nothing invisible. Tabs stay. */
export function sanitize(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
