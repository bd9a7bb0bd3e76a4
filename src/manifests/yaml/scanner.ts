import { scanBlockScalar } from './block-scalar.ts';
import {
  COLON,
  Cursor,
  HASH,
  isBlank,
  isBlankOrEnd,
  isBreak,
  MINUS,
  PERCENT,
  QUESTION,
  SPACE,
  TAB,
} from './cursor.ts';
import { YamlError } from './error.ts';
import { scanPlainScalar } from './plain-scalar.ts';
import { scanAnchor, scanDirective, scanTag } from './properties.ts';
import { scanQuotedScalar } from './quoted-scalar.ts';
import { TOKEN, type Token, type TokenType, token } from './tokens.ts';

/** The deepest nesting that go-yaml reads (https://github.com/yaml/go-yaml/blob/v2.4.4/scannerc.go#L895). */
const MAX_DEPTH = 10_000;
/** The colon of a key without `?` must follow within so many characters (https://github.com/yaml/go-yaml/blob/v2.4.4/scannerc.go#L835). */
const MAX_KEY = 1024;
/** The characters that no plain scalar may begin with. */
const INDICATORS = new Set([...'-?:,[]{}#&*!|>\'"%@`'].map((text) => text.charCodeAt(0)));

/** A token that would become a key if a colon followed. */
interface SimpleKey {
  possible: boolean;
  required: boolean;
  tokenNumber: number;
  pos: number;
  line: number;
  column: number;
}

/**
 * Splits one document into tokens by the rules of go-yaml v2, which differ from YAML 1.1 in details
 * (https://github.com/yaml/go-yaml/blob/v2.4.4/scannerc.go). The order of the checks decides which texts are
 * rejected, so it is the same here.
 */
export class Scanner {
  readonly cursor: Cursor;
  readonly #tokens: Token[] = [];
  #head = 0;
  #parsed = 0;
  #available = false;
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #keyAllowed = true;
  readonly #keys: SimpleKey[] = [noKey(0)];
  readonly #keyByToken = new Map<number, number>();

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  /** The next token, which stays the next one. */
  peek(): Token {
    if (!this.#available) this.#fetchMore();
    return this.#tokens[this.#head]!;
  }

  /** Drops the token that {@link peek} gave. */
  skip(): void {
    this.#available = false;
    this.#keyByToken.delete(this.#parsed);
    this.#parsed++;
    this.#head++;
    if (this.#head === this.#tokens.length || this.#head > 4096) {
      this.#tokens.splice(0, this.#head);
      this.#head = 0;
    }
  }

  #fetchMore(): void {
    for (;;) {
      if (this.#head < this.#tokens.length) {
        // While the first token may still become a key, more must be read.
        const index = this.#keyByToken.get(this.#parsed);
        const key = index === undefined ? undefined : this.#keys[index];
        if (key === undefined || !this.#isValid(key)) break;
      }
      this.#fetchNext();
    }
    this.#available = true;
  }

  #fetchNext(): void {
    const cursor = this.cursor;
    this.#toNextToken();
    this.#unrollIndent(cursor.column);
    const code = cursor.at();
    if (code === 0) return this.#fetchStreamEnd();
    if (cursor.column === 0) {
      if (code === PERCENT) return this.#fetchDirective();
      if (cursor.atDocumentIndicator()) return this.#fetchDocumentIndicator(code === MINUS);
    }
    const blankFollows = isBlankOrEnd(cursor.at(1));
    switch (code) {
      case 0x5b:
        return this.#fetchFlowStart(TOKEN.flowSequenceStart);
      case 0x7b:
        return this.#fetchFlowStart(TOKEN.flowMappingStart);
      case 0x5d:
        return this.#fetchFlowEnd(TOKEN.flowSequenceEnd);
      case 0x7d:
        return this.#fetchFlowEnd(TOKEN.flowMappingEnd);
      case 0x2c:
        return this.#fetchFlowEntry();
      case 0x2a:
      case 0x26:
        this.#saveKey();
        this.#keyAllowed = false;
        this.#tokens.push(scanAnchor(cursor, code === 0x2a ? TOKEN.alias : TOKEN.anchor));
        return;
      case 0x21:
        this.#saveKey();
        this.#keyAllowed = false;
        this.#tokens.push(scanTag(cursor));
        return;
      case 0x27:
      case 0x22:
        return this.#fetchQuoted(code === 0x27);
      case MINUS:
        if (blankFollows) return this.#fetchBlockEntry();
        break;
      case QUESTION:
        if (this.#flowLevel > 0 || blankFollows) return this.#fetchKey();
        break;
      case COLON:
        if (this.#flowLevel > 0 || blankFollows) return this.#fetchValue();
        break;
      case 0x7c:
      case 0x3e:
        if (this.#flowLevel === 0) return this.#fetchBlockScalar(code === 0x7c);
        break;
      default:
    }
    const plainAfterAll = code === MINUS || code === QUESTION || code === COLON;
    if (isBlank(code) || (INDICATORS.has(code) && !plainAfterAll)) {
      throw new YamlError(
        code === TAB ? 'tab' : 'character',
        code === TAB
          ? 'a tab is used for indentation'
          : `a value cannot begin with \`${cursor.text[cursor.pos]}\``,
        cursor.pos,
      );
    }
    this.#fetchPlain();
  }

  /** Skips blanks, comments and line breaks up to the next token. Tabs do not indent. */
  #toNextToken(): void {
    const cursor = this.cursor;
    for (;;) {
      let code = cursor.at();
      while (code === SPACE || (code === TAB && (this.#flowLevel > 0 || !this.#keyAllowed))) {
        cursor.pos++;
        code = cursor.at();
      }
      if (code === HASH) {
        cursor.skipComment();
        code = cursor.at();
      }
      if (!isBreak(code)) return;
      cursor.takeBreak();
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line < this.cursor.line || this.#isTooFar(key)) {
      if (key.required) throw this.#missingColon(key);
      key.possible = false;
      return false;
    }
    return true;
  }

  #isTooFar(key: SimpleKey): boolean {
    const distance = this.cursor.pos - key.pos;
    if (distance <= MAX_KEY) return false;
    if (distance > 2 * MAX_KEY) return true;
    return [...this.cursor.text.slice(key.pos, this.cursor.pos)].length > MAX_KEY;
  }

  #missingColon(key: SimpleKey): YamlError {
    const lineEnd = this.cursor.text.slice(key.pos, key.pos + 80).search(/[\r\n\0]/);
    return new YamlError(
      'expected-colon',
      'this line has no colon, so it is not `key: value`',
      key.pos,
      key.pos + (lineEnd > 0 ? lineEnd : 1),
    );
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    this.#removeKey();
    const cursor = this.cursor;
    const key = {
      possible: true,
      required: this.#flowLevel === 0 && this.#indent === cursor.column,
      tokenNumber: this.#parsed + this.#tokens.length - this.#head,
      pos: cursor.pos,
      line: cursor.line,
      column: cursor.column,
    };
    this.#keys[this.#keys.length - 1] = key;
    this.#keyByToken.set(key.tokenNumber, this.#keys.length - 1);
  }

  #removeKey(): void {
    const key = this.#keys[this.#keys.length - 1]!;
    if (!key.possible) return;
    if (key.required) throw this.#missingColon(key);
    key.possible = false;
    this.#keyByToken.delete(key.tokenNumber);
  }

  #push(type: TokenType, length: number): void {
    const start = this.cursor.pos;
    this.cursor.pos += length;
    this.#tokens.push(token(type, start, this.cursor.pos));
  }

  /** Inserts a token before another one; at the end if that one was read already, as in `[]: `. */
  #insert(tokenNumber: number, inserted: Token): void {
    const at = tokenNumber - this.#parsed;
    if (at < 0) this.#tokens.push(inserted);
    else this.#tokens.splice(this.#head + at, 0, inserted);
  }

  /** Opens a block collection if the column is right of the current one. */
  #rollIndent(column: number, tokenNumber: number, type: TokenType, pos: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH) throw tooDeep(pos);
    const opening = token(type, pos, pos);
    if (tokenNumber < 0) this.#tokens.push(opening);
    else this.#insert(tokenNumber, opening);
  }

  #unrollIndent(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push(TOKEN.blockEnd, 0);
      this.#indent = this.#indents.pop()!;
    }
  }

  #fetchStreamEnd(): void {
    // The end counts as a line of its own.
    if (this.cursor.column !== 0) this.cursor.line++;
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push(TOKEN.streamEnd, 0);
  }

  #fetchDirective(): void {
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#tokens.push(scanDirective(this.cursor));
  }

  #fetchDocumentIndicator(start: boolean): void {
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push(start ? TOKEN.documentStart : TOKEN.documentEnd, 3);
  }

  #fetchFlowStart(type: TokenType): void {
    this.#saveKey();
    this.#keys.push(noKey(this.#parsed + this.#tokens.length - this.#head));
    this.#flowLevel++;
    if (this.#flowLevel > MAX_DEPTH) throw tooDeep(this.cursor.pos);
    this.#keyAllowed = true;
    this.#push(type, 1);
  }

  #fetchFlowEnd(type: TokenType): void {
    this.#removeKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      this.#keyByToken.delete(this.#keys.pop()!.tokenNumber);
    }
    this.#keyAllowed = false;
    this.#push(type, 1);
  }

  #fetchFlowEntry(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push(TOKEN.flowEntry, 1);
  }

  #fetchBlockEntry(): void {
    const { pos, column } = this.cursor;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) {
        throw new YamlError('entry-context', 'a list item (`- `) is not allowed here', pos);
      }
      this.#rollIndent(column, -1, TOKEN.blockSequenceStart, pos);
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push(TOKEN.blockEntry, 1);
  }

  #fetchKey(): void {
    const { pos, column } = this.cursor;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw new YamlError('key-context', 'a key (`? `) is not allowed here', pos);
      this.#rollIndent(column, -1, TOKEN.blockMappingStart, pos);
    }
    this.#removeKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#push(TOKEN.key, 1);
  }

  #fetchValue(): void {
    const { pos, column } = this.cursor;
    const key = this.#keys[this.#keys.length - 1]!;
    if (this.#isValid(key)) {
      this.#insert(key.tokenNumber, token(TOKEN.key, key.pos, key.pos));
      this.#rollIndent(key.column, key.tokenNumber, TOKEN.blockMappingStart, key.pos);
      key.possible = false;
      this.#keyByToken.delete(key.tokenNumber);
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) {
          throw new YamlError('value-context', 'a second `: ` is not allowed in this value', pos);
        }
        this.#rollIndent(column, -1, TOKEN.blockMappingStart, pos);
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#push(TOKEN.value, 1);
  }

  #fetchBlockScalar(literal: boolean): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const start = this.cursor.pos;
    const { value, end } = scanBlockScalar(this.cursor, literal, this.#indent);
    this.#tokens.push(token(TOKEN.scalar, start, end, value));
  }

  #fetchQuoted(single: boolean): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.cursor.pos;
    const value = scanQuotedScalar(this.cursor, single);
    this.#tokens.push(token(TOKEN.scalar, start, this.cursor.pos, value));
  }

  #fetchPlain(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.cursor.pos;
    const { value, end, multiline } = scanPlainScalar(this.cursor, this.#indent + 1, this.#flowLevel > 0);
    this.#tokens.push(token(TOKEN.scalar, start, end, value, '', true));
    if (multiline) this.#keyAllowed = true;
  }
}

function noKey(tokenNumber: number): SimpleKey {
  return { possible: false, required: false, tokenNumber, pos: 0, line: 0, column: 0 };
}

function tooDeep(pos: number): YamlError {
  return new YamlError('depth', `the nesting is deeper than ${MAX_DEPTH} levels`, pos);
}
