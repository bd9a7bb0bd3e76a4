import { type Composed, compose } from './yaml/compose.ts';
import type { SourceText } from './source.ts';
import { YamlError } from './yaml/error.ts';
import { JsonEvents } from './yaml/json-events.ts';

/** A part of a file's text that kubectl reads as one document. */
export interface DocumentChunk {
  readonly kind: 'yaml' | 'json' | 'separator';
  readonly start: number;
  readonly end: number;
  /** The value of a JSON document. */
  readonly composed?: Composed | undefined;
  /** The error of a JSON document that is well-formed but rejected. */
  readonly error?: YamlError | undefined;
  /** A last line that kubectl does not read. */
  readonly lost?: { readonly start: number; readonly end: number } | undefined;
  /** For a line that begins with `---` and has more than a comment after it: its place. */
  readonly junk?: { readonly start: number; readonly end: number };
}

/** White space of Go (https://pkg.go.dev/unicode#IsSpace). */
const SPACE = /[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/y;
/** More than any file of manifests has. The text after them counts as one failed document. */
const MAX_DOCUMENTS = 50_000;
/** How far kubectl looks for an opening brace (https://github.com/kubernetes/cli-runtime/blob/v0.37.2/pkg/resource/visitor.go#L590). */
const PEEK = 4096;
/** Of the reader of lines (https://github.com/kubernetes/cli-runtime/blob/v0.37.2/pkg/resource/visitor.go). */
const BUFFER = 4096;

/**
 * Splits a text into documents as kubectl does
 * (https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/yaml/decoder.go#L294): a text that
 * begins with `{` is a stream of JSON values. If that fails after at most one value, the rest is YAML.
 * YAML is split at every line that begins with `---`, even inside a block scalar.
 */
export function splitDocuments(source: SourceText): DocumentChunk[] {
  const { text } = source;
  if (!looksLikeJson(text)) return splitYaml(source, 0);
  const chunks: DocumentChunk[] = [];
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
      return [...chunks, ...splitYaml(source, rest)];
    }
  }
}

/** True if kubectl reads a text as JSON: its first character that is not white space is `{`. */
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
 * Where YAML begins after JSON: kubectl skips white space up to a line end. Undefined if fewer than four
 * bytes are left, where kubectl gives up (decoder.go#L360).
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

/** Splits YAML at its separator lines, from an offset on. */
export function splitYaml(source: SourceText, from: number): DocumentChunk[] {
  const unread = lostLine(source, from);
  const text = unread === undefined ? source.text : source.text.slice(0, unread.start);
  // A separator at the end has no content.
  const lost = unread !== undefined && source.text.startsWith('---', unread.start) ? undefined : unread;
  const chunks: DocumentChunk[] = [];
  let start = from;
  let line = from;
  while (line < text.length) {
    if (chunks.length >= MAX_DOCUMENTS) return [...chunks, tooMany(start, text)];
    if (text.startsWith('---', line)) {
      const lineEnd = endOfLine(text, line);
      const junk = startOfJunk(text, line, lineEnd);
      if (junk !== undefined) {
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
  if (start < text.length || lost !== undefined) chunks.push({ kind: 'yaml', start, end: text.length, lost });
  return chunks;
}

/**
 * The last line of a text, if kubectl loses it: without a line end, and as long as the reader's buffer or a multiple
 * of it. bufio.Reader.ReadLine returns a full buffer as the prefix of a line, then io.EOF, at which LineReader.Read
 * gives up
 * (https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/yaml/decoder.go#L390).
 */
function lostLine({ text, isPadded }: SourceText, from: number): DocumentChunk['lost'] {
  if (!isPadded) return undefined;
  const end = text.length - 1;
  const start = Math.max(text.lastIndexOf('\n', end - 1) + 1, from);
  if (end - start < BUFFER / 4 || startOfJunk(text, start, end) !== undefined) return undefined;
  const bytes = Buffer.from(text.slice(start, end));
  let at = 0;
  // A carriage return at the end of the buffer goes back into it.
  while (bytes.length - at >= BUFFER) at += bytes[at + BUFFER - 1] === 0x0d ? BUFFER - 1 : BUFFER;
  return at > 0 && at === bytes.length ? { start, end } : undefined;
}

/** Where the text after the dashes of a separator line begins that is no comment: kubectl stops there, with an error. */
function startOfJunk(text: string, line: number, end: number): number | undefined {
  if (!text.startsWith('---', line)) return undefined;
  const start = skipSpace(text, line + 3);
  return start < end && text[start] !== '#' ? start : undefined;
}

function tooMany(start: number, text: string): DocumentChunk {
  const error = new YamlError(
    'count',
    `the file has more than ${MAX_DOCUMENTS} documents; the rest is not read`,
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
