import {
  type Cursor,
  hexDigit,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isWord,
  PERCENT,
} from './cursor.ts';
import { YamlError } from './error.ts';
import { TOKEN, type Token, token } from './tokens.ts';

const BANG = 0x21;
const LESS = 0x3c;
const GREATER = 0x3e;
/** The characters that may follow the name of an anchor or alias, beside a blank. */
const AFTER_NAME = new Set(['?', ':', ',', ']', '}', '%', '@', '`'].map((text) => text.charCodeAt(0)));
const URI = new Set([...";/?:@&=+$,.!~*'()[]%"].map((text) => text.charCodeAt(0)));

/** `*name` or `&name`. */
export function scanAnchor(cursor: Cursor, type: typeof TOKEN.alias | typeof TOKEN.anchor): Token {
  const start = cursor.pos;
  cursor.pos++;
  const name = scanWord(cursor);
  const after = cursor.at();
  if (name === '' || !(isBlankOrEnd(after) || AFTER_NAME.has(after))) {
    const sign = type === TOKEN.alias ? '*' : '&';
    throw new YamlError(
      'alias',
      `\`${sign}\` must be followed by a name of letters, digits, \`-\` and \`_\``,
      start,
      cursor.pos + 1,
    );
  }
  return token(type, start, cursor.pos, name);
}

function scanWord(cursor: Cursor): string {
  const from = cursor.pos;
  while (isWord(cursor.at())) cursor.pos++;
  return cursor.text.slice(from, cursor.pos);
}

/** `!<uri>`, `!suffix`, `!!suffix`, `!handle!suffix` or `!`. */
export function scanTag(cursor: Cursor): Token {
  const start = cursor.pos;
  let handle = '';
  let suffix: string;
  if (cursor.at(1) === LESS) {
    cursor.pos += 2;
    suffix = scanUri(cursor, false, start);
    if (cursor.at() !== GREATER)
      throw tagError(cursor, start, 'a tag that begins with `!<` must end with `>`');
    cursor.pos++;
  } else {
    handle = scanHandle(cursor, false, start);
    if (handle.length > 1 && handle.endsWith('!')) suffix = scanUri(cursor, false, start);
    else {
      suffix = handle.slice(1) + scanUri(cursor, true, start);
      [handle, suffix] = suffix === '' ? ['', '!'] : ['!', suffix];
    }
  }
  if (!isBlankOrEnd(cursor.at())) throw tagError(cursor, start, 'a tag must be followed by a blank');
  return token(TOKEN.tag, start, cursor.pos, handle, suffix);
}

function tagError(cursor: Cursor, start: number, message: string): YamlError {
  return new YamlError('tag', message, start, cursor.pos + 1);
}

function scanHandle(cursor: Cursor, directive: boolean, start: number): string {
  if (cursor.at() !== BANG) throw tagError(cursor, start, 'a tag handle must begin with `!`');
  const from = cursor.pos;
  cursor.pos++;
  scanWord(cursor);
  if (cursor.at() === BANG) cursor.pos++;
  else if (directive && cursor.pos > from + 1) {
    throw tagError(cursor, start, 'the handle of a %TAG directive must end with `!`');
  }
  return cursor.text.slice(from, cursor.pos);
}

/** Reads the characters of a URI and decodes its escapes. It may be empty only after a handle. */
function scanUri(cursor: Cursor, mayBeEmpty: boolean, start: number): string {
  const from = cursor.pos;
  let text = '';
  for (;;) {
    const code = cursor.at();
    if (code === PERCENT) text += scanUriEscape(cursor, start);
    else if (isWord(code) || URI.has(code)) {
      text += cursor.text[cursor.pos];
      cursor.pos++;
    } else break;
  }
  if (cursor.pos === from && !mayBeEmpty) throw tagError(cursor, start, 'the name of the tag is missing');
  return text;
}

/** Reads a character that is written as one to four `%xx` octets of UTF-8. */
function scanUriEscape(cursor: Cursor, start: number): string {
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    const high = hexDigit(cursor.at(1));
    const low = hexDigit(cursor.at(2));
    const octet = high * 16 + low;
    const first = octets.length === 0;
    if (first)
      width =
        octet < 0x80 ? 1 : octet < 0xc0 ? 0 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : octet < 0xf8 ? 4 : 0;
    if (cursor.at() !== PERCENT || high < 0 || low < 0 || width === 0 || (!first && octet >> 6 !== 2)) {
      throw tagError(cursor, start, 'the tag has an invalid % escape');
    }
    octets.push(octet);
    cursor.pos += 3;
  }
  return new TextDecoder().decode(new Uint8Array(octets));
}

/** A `%YAML` or `%TAG` line. */
export function scanDirective(cursor: Cursor): Token {
  const start = cursor.pos;
  cursor.pos++;
  const name = scanWord(cursor);
  let result: Token;
  if (name === 'YAML' && isBlankOrEnd(cursor.at())) {
    const version = scanVersion(cursor, start);
    result = token(TOKEN.versionDirective, start, cursor.pos, version);
  } else if (name === 'TAG' && isBlankOrEnd(cursor.at())) {
    cursor.skipBlanks();
    const handle = scanHandle(cursor, true, start);
    if (!isBlank(cursor.at())) throw directiveError(cursor, start);
    cursor.skipBlanks();
    const prefix = scanUri(cursor, false, start);
    if (!isBlankOrEnd(cursor.at())) throw directiveError(cursor, start);
    result = token(TOKEN.tagDirective, start, cursor.pos, handle, prefix);
  } else throw directiveError(cursor, start);
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.at())) throw directiveError(cursor, start);
  if (isBreak(cursor.at())) cursor.takeBreak();
  return result;
}

function scanVersion(cursor: Cursor, start: number): string {
  cursor.skipBlanks();
  const number = (): number => {
    const from = cursor.pos;
    while (cursor.at() >= 0x30 && cursor.at() <= 0x39 && cursor.pos - from < 3) cursor.pos++;
    const length = cursor.pos - from;
    if (length === 0 || length > 2) throw directiveError(cursor, start);
    return Number(cursor.text.slice(from, cursor.pos));
  };
  const major = number();
  if (cursor.text[cursor.pos] !== '.') throw directiveError(cursor, start);
  cursor.pos++;
  return `${major}.${number()}`;
}

function directiveError(cursor: Cursor, start: number): YamlError {
  return new YamlError(
    'directive',
    'a line that begins with `%` is read as a YAML directive, and this one is unknown',
    start,
    cursor.pos + 1,
  );
}
