// Control characters, bidirectional overrides and other invisible format characters, which a hostile manifest
// could use to hide or forge terminal output. The last is `##[`, which starts a command anywhere in a line of
// a GitHub runner's log: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
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

/** Text in which nothing can be unsafe. Most texts are like that, and are recognized in a fifth of the time. */
const PLAIN = /^[\t\u0020-\u0022\u0024-\u007e]*$/;

/** Untrusted text for a terminal or a log line: one line, without invisible characters. Tabs are kept. */
export function sanitize(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
