/** Character codes of the YAML grammar. `END` is the code after the last character. */
export const END = 0;
export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const HASH = 0x23;
export const PERCENT = 0x25;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const COLON = 0x3a;
export const QUESTION = 0x3f;

/** A blank: space or tab. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** A line break of YAML 1.1: CR, LF, NEL, LS, PS. */
export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** A line break or the end of the text. */
export function isBreakOrEnd(code: number): boolean {
  return code === END || isBreak(code);
}

/** A blank, a line break or the end of the text. */
export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === LF || code === END || code === TAB || isBreak(code);
}

/** A character of an anchor or of a tag handle. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === MINUS
  );
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x41 + 10;
  if (code >= 0x61 && code <= 0x66) return code - 0x61 + 10;
  return -1;
}

const NO_BREAK = /[^\0\n\r\x85\u2028\u2029]*/y;

/** Where the characters end that a regular expression with the flag y and a `*` matches from `pos` on. */
export function skipRun(run: RegExp, text: string, pos: number): number {
  run.lastIndex = pos;
  run.test(text);
  return run.lastIndex;
}

const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are not allowed in YAML.
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The offset of the first character that is not allowed in YAML, or -1. */
export function findForbidden(text: string): number {
  return text.search(FORBIDDEN);
}

/** A position in a text, with its line and column. */
export class Cursor {
  /** The text, followed by enough END characters to look ahead without a check of the length. */
  readonly text: string;
  pos: number;
  line = 0;
  lineStart: number;

  constructor(text: string) {
    this.text = `${text}\0\0\0\0\0\0\0\0\0\0`;
    // One byte order mark may come before a document.
    this.pos = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.lineStart = this.pos;
  }

  get column(): number {
    return this.pos - this.lineStart;
  }

  at(offset = 0): number {
    return this.text.charCodeAt(this.pos + offset);
  }

  /** Skips a line break; gives the text it adds to a scalar. */
  takeBreak(): string {
    const code = this.text.charCodeAt(this.pos);
    this.pos += code === CR && this.text.charCodeAt(this.pos + 1) === LF ? 2 : 1;
    this.line++;
    this.lineStart = this.pos;
    return code === 0x2028 ? '\u2028' : code === 0x2029 ? '\u2029' : '\n';
  }

  skipBlanks(): void {
    while (isBlank(this.at())) this.pos++;
  }

  skipComment(): void {
    if (this.at() !== HASH) return;
    this.pos = skipRun(NO_BREAK, this.text, this.pos);
  }

  /** True at `---` or `...` alone at the start of a line. */
  atDocumentIndicator(): boolean {
    if (this.pos !== this.lineStart) return false;
    const code = this.at();
    if (code !== MINUS && code !== DOT) return false;
    return this.at(1) === code && this.at(2) === code && isBlankOrEnd(this.at(3));
  }
}
