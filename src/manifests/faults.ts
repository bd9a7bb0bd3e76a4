import { formatPath } from '../core/base/path.ts';
import type { SourceText } from './source.ts';
import type { ManifestFault } from './types.ts';
import type { DuplicateKey } from './yaml/compose.ts';
import type { YamlError, YamlProblem } from './yaml/error.ts';

const HELP: Partial<Record<YamlProblem, string>> = {
  tab: 'YAML is indented with spaces: replace the tab',
  quote: 'close the quotes, on the same line unless the text is meant to go on',
  'expected-flow-end': 'close the bracket, or put a comma between the items',
  'value-context':
    'put the value in quotes if the colon belongs to it, or the second key on a line of its own',
  'expected-colon': 'write `key: value` with a blank after the colon',
  character: 'put the value in quotes',
  escape: 'double the backslash, or use single quotes',
  directive: 'remove the line, or put the text in quotes',
  'key-type': 'put the key in quotes',
  number: 'put the value in quotes if it is a text',
  aliasing: 'write the repeated parts out',
  alias: 'put the value in quotes if `*` or `&` is part of the text',
  control: 'save the file as plain UTF-8 text without control characters',
  merge: 'give `<<` an alias of a mapping, such as `*defaults`',
  tag: 'remove the tag, or correct it',
};

/** What stands at the other place that an error names. */
const OPENED: Partial<Record<YamlProblem, string>> = {
  'expected-flow-end': 'the bracket opens here',
  'expected-key': 'the mapping above begins here',
  'expected-entry': 'the list above begins here',
  'block-scalar': 'the text begins here',
  escape: 'the text begins here',
};

const TEMPLATE_HELP = 'this looks like a template; render it first: `helm template … | iomesh-guard lint -`';

/** Longest text quoted from a file in a message. */
const MAX_QUOTE = 60;

/** The fault of a document that kubectl refuses, with what to do about it. `offset` leads into the source. */
export function syntaxFault(
  error: YamlError,
  source: SourceText,
  offset: number,
  end: number,
): ManifestFault {
  const { text } = source;
  const start = Math.min(error.start + offset, Math.max(end - 1, 0));
  const help = helpFor(error, text, start, offset, end);
  const from = error.from === undefined ? undefined : error.from + offset;
  const opened = OPENED[error.problem];
  return {
    kind: 'syntax',
    message: error.message,
    ...(help === undefined ? {} : { help }),
    start: source.toFile(start),
    end: source.toFile(endOfSpan(text, start, Math.min(error.end + offset, end))),
    ...(from === undefined || opened === undefined || from === start
      ? {}
      : { related: [{ message: opened, start: source.toFile(from), end: source.toFile(from + 1) }] }),
  };
}

/** A span stays on its line; one without length goes on to the end of the line. */
function endOfSpan(text: string, start: number, end: number): number {
  const line = lineAt(text, start).trimEnd();
  return end > start ? Math.min(end, start + Math.max(line.length, 1)) : start + Math.max(line.length, 1);
}

function helpFor(error: YamlError, text: string, at: number, start: number, end: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = lineAt(text, lineStart);
  const document = text.slice(start, end);
  if (line.includes('{{') || (error.problem !== 'tab' && /\{\{.*\}\}/.test(document))) return TEMPLATE_HELP;
  const outdent = outdentHelp(error, text, lineStart, start);
  if (outdent !== undefined) return outdent;
  if (/^[ ]*\t/.test(line) || /^\s*\t/.test(line)) return HELP.tab;
  if (error.problem === 'value-context') {
    const help = continuationHelp(text, lineStart, at, start);
    if (help !== undefined) return help;
  }
  if (error.problem === 'expected-key' || error.problem === 'expected-entry') {
    return 'line it up with the keys it belongs to';
  }
  return HELP[error.problem];
}

/** A line that is read as the rest of the value above it: it stands too deep, or that one has no colon. */
function continuationHelp(text: string, lineStart: number, at: number, start: number): string | undefined {
  const key = /^ *(?:- +)*([\w./-]+)$/.exec(text.slice(lineStart, at))?.[1];
  if (key === undefined || lineStart <= start) return undefined;
  const above = lineAt(text, text.lastIndexOf('\n', lineStart - 2) + 1).trim();
  const keyAbove = /^(?:- +)*([\w./-]+):(?: |$)/.exec(above)?.[1];
  return keyAbove === undefined
    ? `write \`key: value\` on the line above, or remove it: \`${key}:\` is read as its continuation`
    : `\`${key}:\` stands deeper than \`${keyAbove}:\` above it, which has a value already: line the two up`;
}

/** `- key:` written left of the list it belongs to, as guides print it. */
function outdentHelp(error: YamlError, text: string, lineStart: number, start: number): string | undefined {
  if (error.problem === 'tab' || error.problem === 'quote') return undefined;
  for (const from of [lineStart, text.lastIndexOf('\n', lineStart - 2) + 1]) {
    if (from < start) continue;
    const line = lineAt(text, from);
    const item = /^( *)- +([A-Za-z][\w.-]*):/.exec(line);
    if (item === null) continue;
    const indent = item[1]!.length;
    let before = from;
    for (let count = 0; count < 50 && before > start; count++) {
      before = text.lastIndexOf('\n', before - 2) + 1;
      const parent = /^( *)(?:- +)*([A-Za-z][\w.-]*):\s*(?:#.*)?$/.exec(lineAt(text, before));
      if (parent === null) {
        if (before <= start) break;
        continue;
      }
      const column = lineAt(text, before).search(/[A-Za-z]/);
      if (column <= indent) break;
      return `\`- ${item[2]}:\` stands left of \`${parent[2]}:\`; indent it, and its lines, to at least column ${column + 1}`;
    }
  }
  return undefined;
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + 500));
}

/** A line that begins like a document separator and is none. */
export function separatorFault(source: SourceText, start: number, end: number): ManifestFault {
  const text = source.text.slice(start, end);
  const dashes = /^-+$/.test(text);
  return {
    kind: 'syntax',
    message: `\`${quote(text)}\` is not a document separator: only a comment may follow \`---\``,
    help: dashes
      ? 'write exactly three dashes, or make it a comment with `#`'
      : 'put what follows `---` on the next line',
    start: source.toFile(start),
    end: source.toFile(end),
  };
}

/** A key that stands twice; the first one is lost. */
export function duplicateFault(duplicate: DuplicateKey, source: SourceText, offset: number): ManifestFault {
  const key = duplicate.path[duplicate.path.length - 1];
  const where = formatPath(duplicate.path.slice(0, -1));
  return {
    kind: 'duplicate-key',
    message: `the key \`${quote(String(key))}\` stands twice${where === '' ? '' : ` in \`${quote(where)}\``}; kubectl keeps only the later one`,
    help: 'remove one of the two',
    start: source.toFile(duplicate.start + offset),
    end: source.toFile(duplicate.end + offset),
    related: [
      {
        message: 'the first one, whose value is lost',
        start: source.toFile(duplicate.first + offset),
        end: source.toFile(duplicate.firstEnd + offset),
      },
    ],
  };
}

/** Text behind the end of a document, which kubectl passes over without a word. */
export function droppedFault(source: SourceText, start: number, end: number, marker: boolean): ManifestFault {
  return {
    kind: 'dropped-text',
    message: marker
      ? 'kubectl silently ignores this text: a line `...` ended the document above it'
      : 'kubectl silently ignores this text: the document has ended before it',
    help: marker ? 'remove the line `...`, or write `---` after it' : 'write `---` on a line before it',
    start: source.toFile(start),
    end: source.toFile(end),
  };
}

/** A file that is no text, or too large. */
export function fileFault(message: string, help: string, length: number): ManifestFault {
  return { kind: 'syntax', message, help, start: 0, end: Math.min(1, length) };
}

/** Text of the user's for a message: shortened, and without control characters. */
function quote(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return plain.length > MAX_QUOTE ? `${plain.slice(0, MAX_QUOTE)}…` : plain;
}
