import { formatPath } from '../core/base/path.ts';
import { fullWidthSign } from '../core/base/full-width.ts';
import { quoted } from '../core/base/text.ts';
import type { RejectedPart } from './find-objects.ts';
import type { LocatedPath } from './locate.ts';
import type { SourceText } from './source.ts';
import type { ManifestError, Span } from './types.ts';
import type { DuplicateKey } from './yaml/compose.ts';
import type { YamlError, YamlProblem } from './yaml/error.ts';
import type { DroppedText } from './yaml/read-yaml.ts';

const HELP: Partial<Record<YamlProblem, string>> = {
  tab: 'indent with spaces instead of the tab',
  quote: 'close the quotes on the same line, unless the text continues on the next line',
  'expected-flow-end': 'close the bracket, or put a comma between the items',
  'value-context':
    'put the value in quotes if the colon is part of it, or write the second key on a line of its own',
  'expected-colon': 'write `key: value` with a space after the colon',
  character: 'put the value in quotes',
  escape: 'double the backslash, or use single quotes',
  directive: 'remove the line, or put the text in quotes',
  'key-type': 'put the key in quotes',
  number: 'put the value in quotes if it is a text',
  aliasing: 'write the repeated parts without aliases',
  alias: 'put the value in quotes if `*` or `&` is part of the text',
  control: 'save the file as plain UTF-8 text without control characters',
  merge: 'set `<<` to an alias of a mapping, such as `*defaults`',
  tag: 'remove the tag, or correct it',
};

/** The message for the other place of an error. */
const RELATED: Partial<Record<YamlProblem, string>> = {
  'expected-flow-end': 'the bracket opens here',
  'expected-key': 'the mapping above begins here',
  'expected-entry': 'the list above begins here',
  'block-scalar': 'the text begins here',
  escape: 'the text begins here',
};

const TEMPLATE_HELP = 'this looks like a template; render it first: `helm template … | iomesh-guard lint -`';

/** The error of a document that cannot be read. `offset` is where the document begins in the source. */
export function syntaxErrorOf(
  error: YamlError,
  source: SourceText,
  offset: number,
  end: number,
): ManifestError {
  const { text } = source;
  const start = Math.min(error.start + offset, Math.max(end - 1, 0));
  const from = error.from === undefined ? start : error.from + offset;
  const message = from === start ? undefined : RELATED[error.problem];
  const related = { start: source.toFile(from), end: source.toFile(from + 1) };
  const sign = fullWidthCause(text, start, offset);
  if (sign !== undefined)
    return {
      kind: 'syntax',
      message: sign.message,
      help: sign.help,
      start: source.toFile(sign.at),
      end: source.toFile(sign.at + 1),
    };
  return {
    kind: 'syntax',
    message: error.message,
    help: helpFor(error, text, start, offset, end),
    start: source.toFile(start),
    end: source.toFile(endOfSpan(text, start, Math.min(error.end + offset, end))),
    related: message === undefined ? undefined : [{ message, ...related }],
  };
}

/** The full-width sign that causes an error: on the line, or as the colon of the key above. */
function fullWidthCause(text: string, at: number, documentStart: number): ReturnType<typeof fullWidthSign> {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const above = text.lastIndexOf('\n', lineStart - 2) + 1;
  for (const from of [lineStart, above]) {
    if (from < documentStart || (from === above && lineStart === 0)) continue;
    const code = lineAt(text, from).replace(/(?:^|\s)#.*$/, '');
    // A text may have any sign: above, only a key without another colon is meant.
    if (from !== lineStart && !/^ *(?:- +)*[\w./-]+ ?\uff1a/.test(code)) continue;
    const sign = fullWidthSign(code);
    if (sign !== undefined) return { ...sign, at: from + sign.at };
  }
  return undefined;
}

/** How guides print that lines are left out. YAML reads three dots as the end of a document. */
const LEFT_OUT = /^\s*(?:\.{3,}|\u2026)\s*$/;
const LEFT_OUT_HELP =
  'remove the line: in guides it marks lines that are left out, and in YAML `...` ends a document';

/** A span ends on its line; an empty one goes on to the end of the line. */
function endOfSpan(text: string, start: number, end: number): number {
  const line = lineAt(text, start).trimEnd();
  return end > start ? Math.min(end, start + Math.max(line.length, 1)) : start + Math.max(line.length, 1);
}

function helpFor(error: YamlError, text: string, at: number, start: number, end: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = lineAt(text, lineStart);
  if (LEFT_OUT.test(line)) return LEFT_OUT_HELP;
  if (hasTemplate(line) || (error.problem !== 'tab' && beginsTemplate(text.slice(start, end))))
    return TEMPLATE_HELP;
  const outdent = outdentHelp(error, text, lineStart, start);
  if (outdent !== undefined) return outdent;
  if (/^[ ]*\t/.test(line) || /^\s*\t/.test(line)) return HELP.tab;
  if (error.problem === 'value-context') {
    const help = continuationHelp(text, lineStart, at, start);
    if (help !== undefined) return help;
  }
  if (error.problem === 'expected-key' || error.problem === 'expected-entry') {
    return 'indent it like the keys it belongs to';
  }
  return HELP[error.problem];
}

/** True for a line with a template action that is not in a quoted text. */
function hasTemplate(line: string): boolean {
  return line.replace(/"[^"]*"|'[^']*'/g, '').includes('{{');
}

/** True if a line of a document begins with a template action. A text that quotes templates has none. */
function beginsTemplate(document: string): boolean {
  for (let at = document.indexOf('{{'); at >= 0; at = document.indexOf('{{', at + 2)) {
    const line = document.slice(document.lastIndexOf('\n', at) + 1, at);
    if (line.trim() === '') return true;
    // The rest of the line cannot begin with one.
    const next = document.indexOf('\n', at);
    if (next < 0) return false;
    at = next - 1;
  }
  return false;
}

/** For a line that is read as part of the value above: it is too deep, or the line above has no colon. */
function continuationHelp(text: string, lineStart: number, at: number, start: number): string | undefined {
  const key = /^ *(?:- +)*([\w./-]+)$/.exec(text.slice(lineStart, at))?.[1];
  if (key === undefined || lineStart <= start) return undefined;
  const above = lineAt(text, text.lastIndexOf('\n', lineStart - 2) + 1).trim();
  if (LEFT_OUT.test(above)) return LEFT_OUT_HELP;
  const keyAbove = /^(?:- +)*([\w./-]+):(?: |$)/.exec(above)?.[1];
  return keyAbove === undefined
    ? `write \`key: value\` on the line above, or remove it: \`${key}:\` is read as its continuation`
    : `\`${key}:\` is deeper than \`${keyAbove}:\` above it, which already has a value; give both the same indentation`;
}

/** For a `- key:` that is left of the list it belongs to, as in printed guides. */
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
      return `\`- ${item[2]}:\` is left of \`${parent[2]}:\`; indent it and its lines to at least column ${column + 1}`;
    }
  }
  return undefined;
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + 500));
}

/** The error of a line that begins like a document separator but is not one. */
export function separatorError(source: SourceText, start: number, end: number): ManifestError {
  const text = source.text.slice(start, end);
  return {
    kind: 'syntax',
    message: `${quoted(text)} is not a document separator: only a comment may follow \`---\``,
    help: /^-+$/.test(text)
      ? 'write exactly three dashes, or make it a comment with `#`'
      : 'put the text after `---` on the next line',
    start: source.toFile(start),
    end: source.toFile(end),
  };
}

/** The error of a duplicate key. */
export function duplicateKeyError(
  duplicate: DuplicateKey,
  source: SourceText,
  offset: number,
  reader: 'kubectl' | 'Helm',
): ManifestError {
  const key = quoted(String(duplicate.path.at(-1)));
  const holder = formatPath(duplicate.path.slice(0, -1));
  const where = holder === '' ? '' : ` in ${quoted(holder)}`;
  return {
    kind: 'duplicate-key',
    message: `the key ${key} is set twice${where}; ${reader} keeps only the later one`,
    help: 'remove one of the two, or merge their values',
    start: source.toFile(duplicate.start + offset),
    end: source.toFile(duplicate.end + offset),
    related: [
      {
        message: 'the first one, whose value is ignored',
        start: source.toFile(duplicate.first + offset),
        end: source.toFile(duplicate.firstEnd + offset),
      },
    ],
  };
}

/** The error of text after the end of a document, which kubectl silently ignores. */
export function droppedTextError(
  { start, end, marker }: DroppedText,
  source: SourceText,
  offset: number,
): ManifestError {
  return {
    kind: 'dropped-text',
    message: marker
      ? 'kubectl silently ignores this text: a line `...` ended the document above it'
      : 'kubectl silently ignores this text: the document has ended before it',
    help: marker ? 'remove the line `...`, or write `---` after it' : 'write `---` on a line before it',
    start: source.toFile(start + offset),
    end: source.toFile(end + offset),
  };
}

const REJECTED: Record<RejectedPart['problem'], readonly [message: string, help: string]> = {
  item: ['kubectl rejects the list: this item is not an object', 'remove the item'],
  nested: [
    'kubectl rejects the list: this item is a list itself',
    'put the items of the inner list into the outer one',
  ],
  'list-type': ['kubectl rejects the list: this apiVersion has no kind List', 'set apiVersion to "v1"'],
  items: [
    'kubectl takes the object for a list because of this key, and applies the items instead of it',
    'remove the key',
  ],
  'items-type': ['kubectl rejects the object: it reads this key as the items of a list', 'remove the key'],
  'no-items': ['kubectl rejects the list: it has no items', 'add items, or remove the list'],
};

/** The error of a part of a list for which kubectl rejects the list. */
export function rejectedItemError({ problem }: RejectedPart, { key, value }: LocatedPath): ManifestError {
  const [message, help] = REJECTED[problem];
  const { start, end } = value ?? key ?? { start: 0, end: 1 };
  return { kind: 'wrong-type', message, help, start, end };
}

/** The error of a last line that kubectl does not read. */
export function lostLineError({ start, end }: Span, source: SourceText): ManifestError {
  return {
    kind: 'dropped-text',
    message:
      'kubectl silently ignores this line: it has no line end, and its length is a multiple of 4096 bytes',
    help: 'end the file with a line break',
    start: source.toFile(start),
    end: source.toFile(end),
  };
}

/** The error of a file that is not text, or too large. */
export function unreadableFileError(message: string, help: string, length: number): ManifestError {
  return { kind: 'syntax', message, help, start: 0, end: Math.min(1, length) };
}
