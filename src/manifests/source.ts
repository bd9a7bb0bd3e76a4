import { isAscii } from 'node:buffer';

/**
 * The text of a file as it is parsed: without a byte order mark at its start, with LF for CRLF, and with
 * a line break at its end. kubectl reads it line by line and ends each line with LF
 * (https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/yaml/decoder.go, LineReader).
 * {@link toFile} turns offsets in it into offsets in the file.
 */
export class SourceText {
  /** The text that is parsed. */
  readonly text: string;
  /** The text of the file. */
  readonly file: string;
  /** True if the line break at the end is not in the file. */
  readonly isPadded: boolean;
  /** How many characters of the file are before the text. */
  readonly #skipped: number;
  /** The offsets in {@link text} of the LFs whose CR was removed; found when first needed. */
  #removed: number[] | undefined;

  constructor(file: string) {
    this.file = file;
    this.#skipped = file.charCodeAt(0) === 0xfeff ? 1 : 0;
    let text = this.#skipped === 1 ? file.slice(1) : file;
    if (text.includes('\r\n')) text = text.replaceAll('\r\n', '\n');
    else this.#removed = [];
    this.text = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    this.isPadded = text !== '' && !text.endsWith('\n') && !text.endsWith('\r');
  }

  /** The offset in the file of an offset in the text. */
  toFile(offset: number): number {
    this.#removed ??= this.#findRemoved();
    let low = 0;
    let high = this.#removed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#removed[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return Math.min(offset + low + this.#skipped, this.file.length);
  }

  #findRemoved(): number[] {
    const removed: number[] = [];
    for (let at = this.file.indexOf('\r\n'); at >= 0; at = this.file.indexOf('\r\n', at + 2)) {
      removed.push(at - removed.length - this.#skipped);
    }
    return removed;
  }
}

/** A larger file is not read. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A file as text, or the reason why it is not text. */
export interface DecodedText {
  readonly text: string;
  readonly problem?: { readonly message: string; readonly help: string };
}

const SAVE = 'save the file as UTF-8 text';

/** Decodes a file. A byte order mark stays in the text, so that offsets are those of the file. */
export function decodeText(input: string | Uint8Array, maxBytes = MAX_BYTES): DecodedText {
  const size = typeof input === 'string' ? input.length : input.byteLength;
  if (size > maxBytes) {
    return reject('', `the file is larger than ${maxBytes} bytes and was not read`, 'split the file');
  }
  if (typeof input === 'string') return { text: input };
  const [first, second] = input;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return reject('', 'the file is UTF-16, not UTF-8', SAVE);
  }
  // Nearly every manifest is ASCII, which a copy of the bytes decodes.
  if (isAscii(input))
    return { text: Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1') };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input) };
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);
    const isBinary = input.subarray(0, 8000).includes(0);
    return isBinary
      ? reject('', 'the file is binary, not text', 'leave it out of the input')
      : reject(text, 'the file is not valid UTF-8', SAVE);
  }
}

function reject(text: string, message: string, help: string): DecodedText {
  return { text, problem: { message, help } };
}
