/** The number of characters in a hash. */
const BLOCK = 100;
const FACTOR = 37;
const WORD = 0x1_0000_0000;
const END_OF_FILE = 0xffff;

/**
 * The fingerprint of each line for GitHub code scanning: a 64-bit rolling hash of the 100 characters from its start,
 * without spaces and tabs, with every line end as LF and zeros after the end of the file; and the number of lines with
 * this hash so far. `upload-sarif` computes the same and warns about another value:
 * https://github.com/github/codeql-action/blob/main/src/fingerprints.ts.
 */
export function lineHashes(text: string): string[] {
  const roller = new RollingHash();
  let lineStart = true;
  let afterReturn = false;
  for (let index = 0; index <= text.length; index++) {
    const atEnd = index === text.length;
    let code = atEnd ? END_OF_FILE : text.charCodeAt(index);
    const skip = code === 0x20 || code === 0x09 || (code === 0x0a && afterReturn);
    afterReturn = code === 0x0d;
    if (skip) continue;
    if (code === 0x0d) code = 0x0a;
    roller.push(code, lineStart);
    lineStart = code === 0x0a;
  }
  return roller.finish();
}

/** A rolling hash: 64-bit arithmetic in two halves of 32 bits, each step exact in a double. */
class RollingHash {
  readonly #hashes: string[] = [];
  readonly #counts = new Map<string, number>();
  readonly #window = new Uint16Array(BLOCK);
  readonly #starts = new Uint8Array(BLOCK);
  readonly #high: number;
  readonly #low: number;
  #index = 0;
  #hashHigh = 0;
  #hashLow = 0;

  constructor() {
    const leaving = (BigInt(FACTOR) ** BigInt(BLOCK)) & 0xffff_ffff_ffff_ffffn;
    this.#high = Number(leaving >> 32n);
    this.#low = Number(leaving & 0xffff_ffffn);
  }

  /** Adds a character. Emits a hash if the character that leaves the window starts a line. */
  push(code: number, startsLine: boolean): void {
    if (this.#starts[this.#index] === 1) this.#emit();
    this.#starts[this.#index] = startsLine ? 1 : 0;
    const gone = this.#window[this.#index]!;
    this.#window[this.#index] = code;
    const low = FACTOR * this.#hashLow + code - this.#low * gone;
    const carry = Math.floor(low / WORD);
    this.#hashLow = low - carry * WORD;
    const high = FACTOR * this.#hashHigh + carry - this.#high * gone;
    this.#hashHigh = high - Math.floor(high / WORD) * WORD;
    this.#index = (this.#index + 1) % BLOCK;
  }

  /** Pads the window with zeros. Returns the hash of each line. */
  finish(): string[] {
    for (let index = 0; index < BLOCK; index++) this.push(0, false);
    return this.#hashes;
  }

  #emit(): void {
    const high = this.#hashHigh.toString(16);
    const low = this.#hashLow.toString(16);
    const hash = this.#hashHigh === 0 ? low : high + low.padStart(8, '0');
    const count = (this.#counts.get(hash) ?? 0) + 1;
    this.#counts.set(hash, count);
    this.#hashes.push(`${hash}:${count}`);
  }
}
