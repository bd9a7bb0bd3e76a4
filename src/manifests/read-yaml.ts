import { type Composed, compose } from './yaml/compose.ts';
import { YamlError } from './yaml/error.ts';
import { findForbidden } from './yaml/forbidden.ts';
import { Parser } from './yaml/parser.ts';
import { TOKEN } from './yaml/tokens.ts';

/** A document as read, with what kubectl drops behind its end. Offsets are relative to its text. */
export interface ReadDocument extends Composed {
  readonly dropped?: { readonly start: number; readonly end: number; readonly marker: boolean };
}

/** How much go-yaml reads at a time; beyond what it has read it sees no forbidden character. */
const BLOCK = 512;

/** Reads the YAML text of one document. Throws {@link YamlError} where kubectl refuses it. */
export function readYaml(text: string): ReadDocument {
  const forbidden = findForbidden(text);
  return forbidden < 0 ? readClean(text) : readUpTo(text, forbidden);
}

function readClean(text: string): ReadDocument {
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

/**
 * Reads a text with a forbidden character. That refuses the document, unless the document ends
 * before it: go-yaml reads in blocks, and what stands in a later block it never sees.
 */
function readUpTo(text: string, forbidden: number): ReadDocument {
  const error = new YamlError('control', forbiddenMessage(text.charCodeAt(forbidden)), forbidden);
  const blocks = Math.floor(Buffer.byteLength(text.slice(0, forbidden)) / BLOCK);
  const seen = Buffer.from(text)
    .subarray(0, blocks * BLOCK)
    .toString()
    .replace(/\ufffd+$/, '');
  // The end of what is seen must not look like the end of the document.
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
  return `a control character (U+${name}), which YAML forbids`;
}

/** Behind blanks, comments and lines `...` or `---` that hold nothing. */
function skipIdle(text: string, from: number): number {
  const idle = /(?:[ \t\r\n\x85\u2028\u2029\ufeff]+|#[^\r\n]*|(?<=[\r\n])(?:\.\.\.|---)(?=[ \t\r\n]|$))/y;
  idle.lastIndex = from;
  let end = from;
  while (idle.test(text)) end = idle.lastIndex;
  return end;
}
