import { type Composed, compose } from './yaml/compose.ts';
import type { SourceText } from './source.ts';
import { YamlError } from './yaml/error.ts';
import { JsonEvents } from './yaml/json-events.ts';

/** A stretch of a file's text that kubectl treats as one document. */
export interface Chunk {
  readonly kind: 'yaml' | 'json' | 'separator';
  readonly start: number;
  readonly end: number;
  /** A JSON value, read on the way. */
  readonly composed?: Composed | undefined;
  /** Why a JSON value, though well-formed, is refused. */
  readonly error?: YamlError | undefined;
  /** For a line that begins with `---` and goes on with more than a comment: where that stands. */
  readonly junk?: { readonly start: number; readonly end: number };
}

/** What Go calls white space. */
const SPACE = /[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/y;
/** More documents than any file of manifests has: beyond them the rest counts as one that is refused. */
export const MAX_DOCUMENTS = 50_000;
/** How far kubectl looks for an opening brace. */
const PEEK = 4096;

/**
 * Cuts a text into documents as kubectl does. A text whose first character is `{` is read as a
 * stream of JSON values, and where that ends after at most one value, the rest as YAML; YAML is cut
 * at lines that begin with `---`, wherever they stand.
 */
export function splitDocuments(source: SourceText): Chunk[] {
  const { text } = source;
  if (!looksLikeJson(text)) return splitYaml(text, 0);
  const chunks: Chunk[] = [];
  let pos = 0;
  for (;;) {
    const start = skipJsonSpace(text, pos);
    if (start === text.length) return chunks;
    if (chunks.length >= MAX_DOCUMENTS) return [...chunks, tooMany(start, text)];
    const events = new JsonEvents(text, start);
    try {
      const composed = compose(events);
      pos = events.pos;
      chunks.push({ kind: 'json', start, end: pos, composed });
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      if (error.problem === 'number') {
        pos = events.pos;
        chunks.push({ kind: 'json', start, end: pos, error });
        continue;
      }
      const rest = chunks.length > 1 ? undefined : startOfYaml(source, pos);
      if (rest === undefined) return [...chunks, { kind: 'json', start, end: text.length }];
      return [...chunks, ...splitYaml(text, rest)];
    }
  }
}

/** True where kubectl takes a text for JSON: its first character that is no white space is `{`. */
export function looksLikeJson(text: string): boolean {
  const first = skipSpace(text, 0);
  return text[first] === '{' && Buffer.byteLength(text.slice(0, first)) < PEEK;
}

function skipSpace(text: string, pos: number): number {
  SPACE.lastIndex = pos;
  SPACE.test(text);
  return SPACE.lastIndex;
}

function skipJsonSpace(text: string, from: number): number {
  let pos = from;
  while (' \t\r\n'.includes(text[pos] ?? 'x')) pos++;
  return pos;
}

/**
 * Where YAML begins behind JSON: white space up to a line end is passed over. Undefined where
 * kubectl gives up, which it does with fewer than four bytes of the file left.
 */
function startOfYaml(source: SourceText, from: number): number | undefined {
  const { file } = source;
  let pos = from;
  for (let at = source.toFile(from); ; at++) {
    const left = file.slice(at, at + 4);
    if (Buffer.byteLength(left) < 4 || left[0] === '\ufffd') return undefined;
    if (skipSpace(left[0]!, 0) === 0) return pos;
    if (left[0] === '\n') return pos + 1;
    if (!left.startsWith('\r\n')) pos++;
  }
}

/** Cuts YAML at its separator lines, from an offset on. */
export function splitYaml(text: string, from: number): Chunk[] {
  const chunks: Chunk[] = [];
  let start = from;
  let line = from;
  while (line < text.length) {
    if (chunks.length >= MAX_DOCUMENTS) return [...chunks, tooMany(start, text)];
    if (text.startsWith('---', line)) {
      const lineEnd = endOfLine(text, line);
      const junk = skipSpace(text, line + 3);
      if (junk < lineEnd && text[junk] !== '#') {
        if (line > start) chunks.push({ kind: 'yaml', start, end: line });
        const end = trimEnd(text, junk, lineEnd);
        const next = /^-+$/.test(text.slice(junk, end)) ? lineEnd : nextSeparator(text, lineEnd);
        chunks.push({ kind: 'separator', start: line, end: next, junk: { start: line, end } });
        start = next;
        line = next;
        continue;
      }
      if (line > start) {
        chunks.push({ kind: 'yaml', start, end: line });
        start = lineEnd;
      }
      line = lineEnd;
    } else line = nextSeparator(text, line);
  }
  if (start < text.length) chunks.push({ kind: 'yaml', start, end: text.length });
  return chunks;
}

function tooMany(start: number, text: string): Chunk {
  const error = new YamlError(
    'count',
    `the file holds more than ${MAX_DOCUMENTS} documents; the rest is not read`,
    start,
  );
  return { kind: 'json', start, end: text.length, error };
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at + 1;
}

function nextSeparator(text: string, from: number): number {
  if (text.startsWith('---', from)) return from;
  const at = text.indexOf('\n---', from);
  return at < 0 ? text.length : at + 1;
}

function trimEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}
