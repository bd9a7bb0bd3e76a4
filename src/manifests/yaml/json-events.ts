import { YamlError } from './error.ts';
import { type DocumentEvents, EVENT } from './events.ts';
import type { Scalar } from './scalar.ts';

const QUOTE = 0x22;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const SPACE = /[ \t\r\n]*/y;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The events of one strict JSON value in a text, as the decoder of Go reads it (https://pkg.go.dev/encoding/json#Decoder). */
export class JsonEvents implements DocumentEvents {
  type = 0;
  start = 0;
  end = 0;
  value = '';
  readonly anchor = '';
  readonly tag = '';
  readonly implicit = false;
  literal: Scalar | undefined;
  /** The next offset; at the end, the offset after the value. */
  pos: number;
  readonly #text: string;
  /** Open brackets: true for an object. */
  readonly #open: boolean[] = [];
  #state: 'start' | 'value' | 'first' | 'key' | 'next' | 'end' = 'start';

  constructor(text: string, pos: number) {
    this.#text = text;
    this.pos = pos;
  }

  next(): number {
    // White space after the value is not part of it.
    if (this.#state === 'end') return this.#emit(EVENT.documentEnd, 0);
    this.#match(SPACE);
    const code = this.#text.charCodeAt(this.pos);
    const inObject = this.#open[this.#open.length - 1];
    switch (this.#state) {
      case 'start':
        this.#state = 'value';
        return this.#emit(EVENT.documentStart, 0);
      case 'first':
        if (code === (inObject ? 0x7d : 0x5d)) return this.#close();
        return inObject ? this.#key() : this.#value(code);
      case 'next':
        if (code === (inObject ? 0x7d : 0x5d)) return this.#close();
        if (code !== 0x2c) throw this.#error('a comma or a closing bracket is missing');
        this.pos++;
        this.#match(SPACE);
        return inObject ? this.#key() : this.#value(this.#text.charCodeAt(this.pos));
      case 'key':
        if (code !== 0x3a) throw this.#error('a colon is missing');
        this.pos++;
        this.#match(SPACE);
        return this.#value(this.#text.charCodeAt(this.pos));
      default:
        return this.#value(code);
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.pos;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.pos = pattern.lastIndex;
    return match[0];
  }

  #emit(type: number, length: number): number {
    this.type = type;
    this.start = this.pos;
    this.pos += length;
    this.end = this.pos;
    return type;
  }

  #close(): number {
    const isObject = this.#open.pop();
    this.#state = this.#open.length === 0 ? 'end' : 'next';
    return this.#emit(isObject ? EVENT.mappingEnd : EVENT.sequenceEnd, 1);
  }

  #key(): number {
    if (this.#text.charCodeAt(this.pos) !== QUOTE) throw this.#error('a quoted key is missing');
    this.#string();
    this.#state = 'key';
    return this.type;
  }

  #value(code: number): number {
    if (code === 0x7b || code === 0x5b) {
      this.#open.push(code === 0x7b);
      this.#state = 'first';
      return this.#emit(code === 0x7b ? EVENT.mappingStart : EVENT.sequenceStart, 1);
    }
    this.#state = this.#open.length === 0 ? 'end' : 'next';
    if (code === QUOTE) return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.pos)) return this.#scalar(word, value, this.pos + word.length);
    }
    const from = this.pos;
    const number = this.#match(NUMBER);
    if (number === undefined) throw this.#error('a value is missing');
    const after = this.#text[this.pos];
    const hasExponent = /[eE]/.test(number);
    if (
      (after === '.' && !hasExponent && !number.includes('.')) ||
      (/[eE]/.test(after ?? '') && !hasExponent)
    ) {
      throw this.#error('a number is not finished');
    }
    const end = this.pos;
    this.pos = from;
    return this.#scalar(number, this.#number(number), end);
  }

  #scalar(text: string, literal: Scalar, end: number): number {
    this.value = text;
    this.literal = literal;
    return this.#emit(EVENT.scalar, end - this.pos);
  }

  #string(): number {
    const from = this.pos;
    const text = this.#matchString();
    const end = this.pos;
    this.pos = from;
    const value: string = text.includes('\\')
      ? JSON.parse(text).replace(LONE_SURROGATE, '\ufffd')
      : text.slice(1, -1);
    return this.#scalar(value, value, end);
  }

  /** Character by character: a regular expression on a huge string would exceed the stack. */
  #matchString(): string {
    const text = this.#text;
    const from = this.pos;
    for (let pos = from + 1; pos < text.length; pos++) {
      const code = text.charCodeAt(pos);
      if (code === 0x5c) pos++;
      else if (code === QUOTE) {
        const found = text.slice(from, pos + 1);
        if (found.includes('\\')) this.#checkEscapes(found);
        this.pos = pos + 1;
        return found;
      } else if (code < 0x20) break;
    }
    throw this.#error('a quoted text is not closed');
  }

  #checkEscapes(text: string): void {
    for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
      if (!/^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(text.slice(at, at + 6)))
        throw this.#error('an unknown escape');
    }
  }

  #number(text: string): number | bigint {
    const value = Number(text);
    if (!/^-?[0-9]+$/.test(text) || Number.isSafeInteger(value)) return value + 0; // no minus zero
    const exact = text.length < 25 ? BigInt(text) : undefined;
    return exact !== undefined && exact >= INT64_MIN && exact <= UINT64_MAX ? exact : value;
  }

  #error(message: string): YamlError {
    return new YamlError('json', message, Math.min(this.pos, this.#text.length));
  }
}

const WORDS: readonly (readonly [string, Scalar])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
