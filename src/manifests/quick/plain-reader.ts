import type { Json } from '../../core/base/json.ts';
import { scanBlockScalar } from '../yaml/block-scalar.ts';
import { Cursor, findForbidden } from '../yaml/cursor.ts';
import { resolvePlain } from '../yaml/scalar.ts';
import { isFlow, isIndicator, isKey, isKeyStart, isTypedStart } from './characters.ts';

/** Thrown if a text is not in the plain subset: the general reader reads it. It has no stack, because it is not an error. */
const UNUSUAL = { unusual: true };

const LF = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;
const COLON = 0x3a;
const MAX_DEPTH = 60;
/** The value of a document that is only checked. */
const UNBUILT: Json = null;

/** A document of plain block YAML. */
export interface PlainDocument {
  /** Null if the document was only checked. */
  readonly json: Json;
  /** The type of a document that was only checked. */
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
}

/**
 * Reads the form of nearly all manifests: block mappings and lists of one-line scalars, without tabs,
 * anchors, tags, quotes with escapes, or keys in quotes. It gives up at anything else and at any possible
 * error. A document that it reads has the value that the general reader would give it.
 *
 * The text must be free of tabs, CR and other characters that are not plain text ({@link isPlainText}),
 * and every document must end with a line end.
 */
export class PlainReader {
  readonly #text: string;
  #cursor: Cursor | undefined;
  #pos = 0;
  #end = 0;
  /** The column of the content at #pos; -1 after the last one. */
  #indent = -1;
  #depth = 0;
  #build = true;
  #apiVersion: string | undefined;
  #kind: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads one document; undefined if it gives up. Without `build`, the document is only checked. */
  read(start: number, end: number, build: boolean): PlainDocument | undefined {
    this.#pos = start;
    this.#end = end;
    this.#depth = 0;
    this.#build = build;
    this.#apiVersion = undefined;
    this.#kind = undefined;
    try {
      this.#skipDocumentStart();
      this.#nextContent();
      const json = this.#indent < 0 ? null : this.#block(this.#indent);
      if (this.#indent >= 0) throw UNUSUAL;
      return { json, apiVersion: this.#apiVersion, kind: this.#kind };
    } catch (error) {
      if (error === UNUSUAL) return undefined;
      throw error;
    }
  }

  #skipDocumentStart(): void {
    if (!this.#text.startsWith('---', this.#pos)) return;
    this.#pos += 3;
    if (!this.#isBlankAt(this.#pos)) throw UNUSUAL;
    this.#endLine();
  }

  #isBlankAt(pos: number): boolean {
    const code = this.#text.charCodeAt(pos);
    return code === SPACE || code === LF;
  }

  /** Goes from the start of a line to the next line with content. */
  #nextContent(): void {
    const text = this.#text;
    const end = this.#end;
    let pos = this.#pos;
    while (pos < end) {
      const lineStart = pos;
      let code = text.charCodeAt(pos);
      while (code === SPACE) code = text.charCodeAt(++pos);
      if (code === LF) pos++;
      else if (code === HASH) pos = text.indexOf('\n', pos) + 1;
      else {
        this.#pos = pos;
        this.#indent = pos - lineStart;
        return;
      }
    }
    this.#pos = end;
    this.#indent = -1;
  }

  /** Skips blanks and a comment up to the next line. */
  #endLine(): void {
    const text = this.#text;
    let pos = this.#pos;
    let code = text.charCodeAt(pos);
    const blank = code === SPACE;
    while (code === SPACE) code = text.charCodeAt(++pos);
    if (code === HASH && blank) pos = text.indexOf('\n', pos);
    else if (code !== LF) throw UNUSUAL;
    this.#pos = pos + 1;
  }

  #isDash(): boolean {
    return this.#text.charCodeAt(this.#pos) === DASH && this.#isBlankAt(this.#pos + 1);
  }

  #block(column: number): Json {
    if (++this.#depth > MAX_DEPTH) throw UNUSUAL;
    const value = this.#isDash() ? this.#sequence(column) : this.#mapping(column, this.#keyEnd());
    this.#depth--;
    return value;
  }

  /** The end of the key at #pos; 0 if there is no key. */
  #keyEnd(): number {
    const text = this.#text;
    let pos = this.#pos;
    let code = text.charCodeAt(pos);
    if (!isKeyStart(code)) return 0;
    while (isKey(code)) code = text.charCodeAt(++pos);
    return code === COLON && this.#isBlankAt(pos + 1) && pos - this.#pos < 1000 ? pos : 0;
  }

  #mapping(column: number, firstKeyEnd: number): Json {
    const target: Record<string, Json> | undefined = this.#build ? {} : undefined;
    const isTop = target === undefined && this.#depth === 1;
    let keyEnd = firstKeyEnd;
    for (;;) {
      if (keyEnd === 0) throw UNUSUAL;
      const keyStart = this.#pos;
      const first = this.#text.charCodeAt(keyStart);
      let key: string | undefined;
      if (target !== undefined || isTop || isTypedStart(first)) {
        key = this.#text.slice(keyStart, keyEnd);
        if (keyEnd - keyStart <= 5 && isTypedStart(first) && typeof resolvePlain(key) !== 'string')
          throw UNUSUAL;
        // A duplicate key; and a name that every object inherits, which is as rare.
        if (target !== undefined && (target[key] !== undefined || key === '__proto__')) throw UNUSUAL;
      }
      this.#pos = keyEnd + 1;
      if (isTop && (key === 'kind' || key === 'apiVersion')) this.#noteType(key);
      const value = this.#valueOfKey(column);
      if (target !== undefined) target[key!] = value;
      if (this.#indent !== column) {
        if (this.#indent > column) throw UNUSUAL;
        return target ?? UNBUILT;
      }
      keyEnd = this.#keyEnd();
    }
  }

  /** Keeps the type of the object. */
  #noteType(key: 'kind' | 'apiVersion'): void {
    const from = this.#pos;
    const lineEnd = this.#text.indexOf('\n', from);
    const value = this.#text.slice(from, lineEnd).trim();
    if (!/^[A-Za-z][\w./-]*$/.test(value) || typeof resolvePlain(value) !== 'string') throw UNUSUAL;
    if (key === 'kind') {
      if (this.#kind !== undefined) throw UNUSUAL;
      this.#kind = value;
    } else {
      if (this.#apiVersion !== undefined) throw UNUSUAL;
      this.#apiVersion = value;
    }
  }

  #valueOfKey(column: number): Json {
    if (this.#skipToValue()) {
      const value = this.#inline(column);
      if (this.#indent > column) throw UNUSUAL;
      return value;
    }
    this.#nextContent();
    if (this.#indent > column) return this.#block(this.#indent);
    if (this.#indent === column && this.#isDash()) {
      if (++this.#depth > MAX_DEPTH) throw UNUSUAL;
      const value = this.#sequence(column);
      this.#depth--;
      return value;
    }
    return null;
  }

  /** Skips the blanks after `:` or `-`; false, and on the next line, if no value follows. */
  #skipToValue(): boolean {
    const text = this.#text;
    let pos = this.#pos;
    let code = text.charCodeAt(pos);
    while (code === SPACE) code = text.charCodeAt(++pos);
    if (code !== LF && code !== HASH) {
      this.#pos = pos;
      return true;
    }
    this.#pos = text.indexOf('\n', pos) + 1;
    return false;
  }

  #sequence(column: number): Json {
    const items: Json[] | undefined = this.#build ? [] : undefined;
    for (;;) {
      const value = this.#item(column);
      items?.push(value);
      if (this.#indent > column) throw UNUSUAL;
      if (this.#indent !== column || !this.#isDash()) return items ?? UNBUILT;
    }
  }

  #item(column: number): Json {
    const dash = this.#pos;
    this.#pos++;
    if (!this.#skipToValue()) {
      this.#nextContent();
      return this.#indent > column ? this.#block(this.#indent) : null;
    }
    const inner = column + this.#pos - dash;
    if (this.#isDash()) return this.#block(inner);
    const keyEnd = this.#keyEnd();
    if (keyEnd === 0) return this.#inline(column);
    if (++this.#depth > MAX_DEPTH) throw UNUSUAL;
    const value = this.#mapping(inner, keyEnd);
    this.#depth--;
    return value;
  }

  /** A value that begins on this line, up to the next content. */
  #inline(column: number): Json {
    const code = this.#text.charCodeAt(this.#pos);
    let value: Json;
    if (code === 0x22 || code === 0x27) value = this.#quoted(code);
    else if (code === 0x5b || code === 0x7b) value = this.#flow(0);
    else if (code === 0x7c || code === 0x3e) {
      value = this.#blockScalar(code === 0x7c, column);
      this.#nextContent();
      return value;
    } else {
      value = this.#plain(code);
      this.#nextContent();
      return value;
    }
    this.#endLine();
    this.#nextContent();
    return value;
  }

  /** A quoted scalar on one line, without escapes. */
  #quoted(quote: number): string {
    const text = this.#text;
    const from = this.#pos + 1;
    let pos = from;
    for (let code = text.charCodeAt(pos); code !== quote; code = text.charCodeAt(++pos)) {
      if (code === LF || (code === 0x5c && quote === 0x22)) throw UNUSUAL;
    }
    if (quote === 0x27 && text.charCodeAt(pos + 1) === quote) throw UNUSUAL;
    this.#pos = pos + 1;
    return text.slice(from, pos);
  }

  /** A plain scalar up to the end of its line, which is skipped. */
  #plain(first: number): Json {
    const text = this.#text;
    const from = this.#pos;
    if (isIndicator(first) || (first === DASH && this.#isBlankAt(from + 1))) throw UNUSUAL;
    let pos = from;
    let end = from;
    for (let code = first; code !== LF; code = text.charCodeAt(++pos)) {
      if (code === SPACE) continue;
      if (code === HASH && text.charCodeAt(pos - 1) === SPACE) {
        pos = text.indexOf('\n', pos);
        break;
      }
      if (code === COLON && this.#isBlankAt(pos + 1)) throw UNUSUAL;
      end = pos + 1;
    }
    this.#pos = pos + 1;
    if (isTypedStart(first)) return this.#typed(text.slice(from, end), first);
    return this.#build ? text.slice(from, end) : UNBUILT;
  }

  #typed(text: string, first: number): Json {
    if (first >= 0x31 && first <= 0x39 && text.length === 1) return first - 0x30;
    const value = resolvePlain(text);
    if (typeof value === 'number' && !Number.isFinite(value)) throw UNUSUAL;
    return value;
  }

  #blockScalar(literal: boolean, column: number): Json {
    this.#cursor ??= new Cursor(this.#text);
    const cursor = this.#cursor;
    cursor.pos = this.#pos;
    cursor.lineStart = 0;
    let value: string;
    try {
      value = scanBlockScalar(cursor, literal, column).value;
    } catch {
      throw UNUSUAL;
    }
    this.#pos = cursor.lineStart;
    return this.#build ? value : UNBUILT;
  }

  /** A flow collection of the simplest kind, on one line. */
  #flow(depth: number): Json {
    if (depth > MAX_DEPTH) throw UNUSUAL;
    const isMap = this.#text.charCodeAt(this.#pos) === 0x7b;
    const close = isMap ? 0x7d : 0x5d;
    const map: Record<string, Json> = {};
    const list: Json[] = [];
    this.#pos++;
    for (;;) {
      this.#skipSpaces();
      if (this.#text.charCodeAt(this.#pos) === close) break;
      if (isMap) this.#flowMember(map, depth);
      else list.push(this.#flowValue(depth));
      this.#skipSpaces();
      const code = this.#text.charCodeAt(this.#pos);
      if (code === close) break;
      if (code !== 0x2c) throw UNUSUAL;
      this.#pos++;
    }
    this.#pos++;
    return isMap ? map : list;
  }

  #skipSpaces(): void {
    while (this.#text.charCodeAt(this.#pos) === SPACE) this.#pos++;
  }

  #flowMember(map: Record<string, Json>, depth: number): void {
    const keyEnd = this.#keyEnd();
    if (keyEnd === 0) throw UNUSUAL;
    const key = this.#text.slice(this.#pos, keyEnd);
    if (typeof resolvePlain(key) !== 'string' || map[key] !== undefined || key === '__proto__') throw UNUSUAL;
    this.#pos = keyEnd + 1;
    this.#skipSpaces();
    map[key] = this.#flowValue(depth);
  }

  #flowValue(depth: number): Json {
    const text = this.#text;
    const from = this.#pos;
    let code = text.charCodeAt(from);
    if (code === 0x5b || code === 0x7b) return this.#flow(depth + 1);
    if (code === 0x22 || code === 0x27) return this.#quoted(code);
    if (!isFlow(code) || (code === DASH && this.#isBlankAt(from + 1))) throw UNUSUAL;
    let pos = from;
    while (isFlow(code)) code = text.charCodeAt(++pos);
    this.#pos = pos;
    return this.#typed(text.slice(from, pos), text.charCodeAt(from));
  }
}

const NOT_ASCII = /[^\n\x20-\x7e]/;
const UNUSUAL_TEXT = /[\t\r\x85\u2028\u2029\ufeff]/;

/** True for a text that {@link PlainReader} may read. */
export function isPlainText(text: string): boolean {
  return !NOT_ASCII.test(text) || (!UNUSUAL_TEXT.test(text) && findForbidden(text) < 0);
}
