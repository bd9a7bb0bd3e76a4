import { type Composed, compose } from './compose.ts';
import { findForbidden } from './cursor.ts';
import { YamlError } from './error.ts';
import { Parser } from './parser.ts';
import { TOKEN } from './tokens.ts';

/** Text after the end of a document. It is ignored. */
export interface DroppedText {
  readonly start: number;
  readonly end: number;
  /** True if a line `...` ended the document. */
  readonly marker: boolean;
}

/** The value of a document, and the text after its end. Offsets are those of the document's text. */
export interface YamlDocument extends Composed {
  readonly dropped?: DroppedText | undefined;
}

/**
 * How many bytes go-yaml reads at a time: it does not see a forbidden character after the block in which
 * the document ends (https://github.com/yaml/go-yaml/blob/v2.4.4/yamlprivateh.go#L5).
 */
const BLOCK = 512;

/** Reads the YAML text of one document. Throws {@link YamlError} if kubectl rejects it. */
export function readYaml(text: string): YamlDocument {
  const forbidden = findForbidden(text);
  return forbidden < 0 ? readClean(text) : readUpTo(text, forbidden);
}

function readClean(text: string): YamlDocument {
  const parser = new Parser(text);
  const composed = compose(parser);
  const after = parser.peek();
  if (after.type === TOKEN.streamEnd) return composed;
  const marker = after.type === TOKEN.documentEnd;
  const start = skipIdle(text, marker ? after.end : after.start);
  return start >= text.length
    ? composed
    : { ...composed, dropped: { start, end: text.trimEnd().length, marker } };
}

/** Reads a text with a forbidden character: an error, unless the document ends in a block before it. */
function readUpTo(text: string, forbidden: number): YamlDocument {
  const error = new YamlError('control', forbiddenMessage(text.charCodeAt(forbidden)), forbidden);
  const blocks = Math.floor(Buffer.byteLength(text.slice(0, forbidden)) / BLOCK);
  const seen = Buffer.from(text)
    .subarray(0, blocks * BLOCK)
    .toString()
    .replace(/\ufffd+$/, '');
  // The end of this part must not look like the end of the document.
  const parser = new Parser(`${seen.slice(0, forbidden)}\n`);
  let composed: Composed;
  try {
    composed = compose(parser);
  } catch {
    throw error;
  }
  const after = parser.peek();
  if (after.type === TOKEN.streamEnd || parser.scanned + 4 > seen.length) throw error;
  const marker = after.type === TOKEN.documentEnd;
  return {
    ...composed,
    dropped: { start: marker ? after.end : after.start, end: text.trimEnd().length, marker },
  };
}

function forbiddenMessage(code: number): string {
  if (code === 0) return 'a NUL character (U+0000): this is not a text file, or not saved as UTF-8';
  const name = code.toString(16).toUpperCase().padStart(4, '0');
  return `a control character (U+${name}), which is not allowed in YAML`;
}

/** The offset after blanks, comments and lines `...` or `---` without content. */
function skipIdle(text: string, from: number): number {
  const idle = /(?:[ \t\r\n\x85\u2028\u2029\ufeff]+|#[^\r\n]*|(?<=[\r\n])(?:\.\.\.|---)(?=[ \t\r\n]|$))/y;
  idle.lastIndex = from;
  let end = from;
  while (idle.test(text)) end = idle.lastIndex;
  return end;
}
