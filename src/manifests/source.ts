/**
 * The text of a file as the reader works on it: without a byte order mark at its start, CRLF turned
 * into LF, and with a line end at its end, as kubectl hands lines to its parser. Offsets into it are
 * led back to the file's own text by {@link toFile}.
 */
export class Source {
  /** The text that is parsed. */
  readonly text: string;
  /** How many characters of the file stand before the text. */
  readonly #skipped: number;
  /** The file's own text. */
  readonly file: string;
  /** Places in {@link text} before which a CR was taken out; made when first asked for. */
  #removed: number[] | undefined;

  constructor(file: string) {
    this.file = file;
    this.#skipped = file.charCodeAt(0) === 0xfeff ? 1 : 0;
    let text = this.#skipped === 1 ? file.slice(1) : file;
    if (text.includes('\r\n')) text = text.replaceAll('\r\n', '\n');
    else this.#removed = [];
    this.text = text === '' || text.endsWith('\n') ? text : `${text}\n`;
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
