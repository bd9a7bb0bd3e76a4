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
