import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Reads files one after another into the same memory: what is given is good until the next is read. A
 * buffer a file would stay until the garbage of thousands is collected.
 */
export class FileBytes {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);
  readonly #most: number;

  /** Of a file of more than `most` bytes one byte more than that is read, for its reader to refuse. */
  constructor(most: number) {
    this.#most = most;
  }

  /** All bytes of a file. Throws as `readFileSync` does. */
  read(path: string): Uint8Array {
    const fd = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        // One byte more than there should be tells the end from a file that grew.
        const wanted = Math.min(Math.max(fstatSync(fd).size, length), this.#most) + 1;
        if (wanted > this.#buffer.length) {
          const larger = Buffer.allocUnsafeSlow(wanted * 2);
          this.#buffer.copy(larger, 0, 0, length);
          this.#buffer = larger;
        }
        const read = readSync(fd, this.#buffer, length, this.#buffer.length - length, null);
        length += read;
        if (read === 0 || length > this.#most) return this.#buffer.subarray(0, length);
      }
    } finally {
      closeSync(fd);
    }
  }
}
