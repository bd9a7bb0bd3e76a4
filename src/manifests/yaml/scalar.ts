import { isUtf8 } from 'node:buffer';
import { YamlError } from './error.ts';

/** The value of a scalar in go-yaml v2 (https://github.com/yaml/go-yaml/blob/v2.4.4/resolve.go#L86), with not-a-number and the infinities. */
export type Scalar = string | number | bigint | boolean | null;

const LONG = 'tag:yaml.org,2002:';
const TAG = {
  string: `${LONG}str`,
  bool: `${LONG}bool`,
  int: `${LONG}int`,
  float: `${LONG}float`,
  null: `${LONG}null`,
  timestamp: `${LONG}timestamp`,
  binary: `${LONG}binary`,
} as const;
export const MERGE_TAG = `${LONG}merge`;
const RESOLVABLE = new Set<string>([TAG.bool, TAG.int, TAG.float, TAG.null, TAG.timestamp]);

const WORDS: ReadonlyMap<string, boolean | number | null> = new Map<string, boolean | number | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (w) => [w, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((w) => [w, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((w) => [w, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((w) => [w, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((w) => [w, Number.NEGATIVE_INFINITY] as const),
]);

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DOT_FLOAT = /^\.[0-9][0-9_]*(?:[eE][-+]?[0-9][0-9_]*)?$/;
/** An underscore without a digit after it. */
const LOOSE_UNDERSCORE = /_(?![0-9])/;
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))| (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?$/;

/** True if a plain scalar with this first character may be something else than a string. */
function mayBeTyped(firstCode: number): boolean {
  // + - . 0-9 ~ and y Y n N t T f F o O
  return firstCode < 0x3a
    ? firstCode >= 0x30 || firstCode === 0x2b || firstCode === 0x2d || firstCode === 0x2e
    : firstCode === 0x7e || LETTERS.has(firstCode);
}
const LETTERS = new Set([...'yYnNtTfFoO'].map((text) => text.charCodeAt(0)));

/** The value of a plain scalar without a tag. */
export function resolvePlain(text: string): Scalar {
  if (text === '') return null;
  const first = text.charCodeAt(0);
  if (!mayBeTyped(first)) return text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (first >= 0x3a) return text;
  return resolveNumber(text) ?? text;
}

function resolveNumber(text: string): number | bigint | undefined {
  if (text.charCodeAt(0) === 0x2e) {
    return DOT_FLOAT.test(text) && !LOOSE_UNDERSCORE.test(text)
      ? finite(text.replaceAll('_', ''))
      : undefined;
  }
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  return parseInteger(plain) ?? (FLOAT.test(plain) ? finite(plain) : undefined);
}

/** A float; undefined if it is too large, which go-yaml reads as a string. */
function finite(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** An integer that fits 64 bits, signed or, without a sign, unsigned. */
function parseInteger(plain: string): number | bigint | undefined {
  if (plain.startsWith('0b') && /^0b[-+][01]{1,64}$/.test(plain)) {
    const value = BigInt(`0b${plain.slice(3)}`);
    return inRange(plain[2] === '-' ? -value : value, true);
  }
  if (plain.length > 80 ? !INTEGER.test(plain) || /^[-+]?[1-9]/.test(plain) : !INTEGER.test(plain))
    return undefined;
  const signed = plain[0] === '-' || plain[0] === '+';
  const digits = signed ? plain.slice(1) : plain;
  let literal = digits;
  if (digits.length > 1 && digits[0] === '0' && digits.charCodeAt(1) <= 0x39)
    literal = `0o${digits.slice(1)}`;
  if (literal.length < 15) {
    const small = Number(literal);
    return plain[0] === '-' && small !== 0 ? -small : small;
  }
  const value = BigInt(literal);
  return inRange(plain[0] === '-' ? -value : value, signed);
}

function inRange(value: bigint, signed: boolean): number | bigint | undefined {
  if (value < INT64_MIN || value > (signed ? INT64_MAX : UINT64_MAX)) return undefined;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/**
 * The value of a scalar. `tag` is the full tag or empty; if `implicit`, the text decides the type.
 * Throws {@link YamlError} for a text that does not fit its tag.
 */
export function resolveScalar(
  tag: string,
  implicit: boolean,
  text: string,
  start: number,
  end: number,
): Scalar {
  if (tag === '') return implicit ? resolvePlain(text) : text;
  if (tag === TAG.binary) return decodeBinary(text, start, end);
  if (!RESOLVABLE.has(tag)) return text;
  const value = resolvePlain(text);
  const fits =
    (tag === TAG.null && value === null) ||
    (tag === TAG.bool && typeof value === 'boolean') ||
    (tag === TAG.int &&
      (typeof value === 'bigint' || (typeof value === 'number' && !isFloat(text, value)))) ||
    (tag === TAG.timestamp && isTimestamp(text)) ||
    (tag === TAG.float && (typeof value === 'number' || (typeof value === 'bigint' && value <= INT64_MAX)));
  if (!fits) {
    throw new YamlError('tag', `the value does not fit its tag !!${tag.slice(LONG.length)}`, start, end);
  }
  return tag === TAG.float ? Number(value) : value;
}

/** True for a number that is a float in go-yaml. */
function isFloat(text: string, value: number): boolean {
  return !Number.isFinite(value) || text[0] === '.' || parseInteger(text.replaceAll('_', '')) === undefined;
}

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (match === null) return false;
  const part = (...indexes: number[]): number =>
    Number(indexes.map((i) => match[i]).find((p) => p !== undefined) ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  ) {
    return false;
  }
  return part(4, 9) < 24 && part(5, 10) < 60 && part(6, 11) < 60 && part(7) <= 24 && part(8) < 60;
}

function decodeBinary(text: string, start: number, end: number): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) {
    throw new YamlError('tag', 'a !!binary value is not base64', start, end);
  }
  return decodeLikeGo(Buffer.from(plain, 'base64'));
}

/** UTF-8 as Go writes it to JSON: each invalid byte becomes a replacement character. */
function decodeLikeGo(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  const out = Buffer.alloc(bytes.length * 3);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const width = widthAt(bytes, at);
    if (width === 0) {
      length += out.write('\ufffd', length);
      at++;
    } else {
      for (const end = at + width; at < end; at++) out[length++] = bytes[at]!;
    }
  }
  return out.toString('utf8', 0, length);
}

/** The number of bytes of the character at an offset; 0 for an invalid byte. */
function widthAt(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const width = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (let offset = 1; offset < width; offset++) {
    if ((bytes[at + offset] ?? 0) >> 6 !== 2) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const surrogate = lead === 0xed && second > 0x9f;
  return overlong || surrogate || (lead === 0xf4 && second > 0x8f) ? 0 : width;
}

/**
 * A scalar as the key of a JSON object (https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/yaml.go#L205). Undefined
 * if it cannot be one: null, and integers of more than 63 bits.
 */
export function keyText(value: Scalar, text: string, tag: string): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return value > INT64_MAX ? undefined : String(value);
  if (value === null) return undefined;
  if (tag !== TAG.float && !isFloat(text, value)) return String(value);
  return formatFloat32(value);
}

/** A float the way Go's `%g` writes it at 32 bits. */
function formatFloat32(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let scientific = '';
  for (let digits = 0; digits < 9; digits++) {
    scientific = single.toExponential(digits);
    if (Math.fround(Number(scientific)) === single) break;
  }
  const [mantissa = '', exponentText = '0'] = scientific.split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 6) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const decimals = Math.max(0, mantissa.replace(/[-.]/g, '').length - 1 - exponent);
  return Number(scientific).toFixed(decimals);
}
