import type { Io } from './io.ts';

/** Says on a terminal how far reading has come, once it has taken a second. */
export class Progress {
  readonly #io: Io;
  readonly #start: number;
  #last: number;
  #shown = false;

  constructor(io: Io) {
    this.#io = io;
    this.#start = io.clock();
    this.#last = this.#start;
  }

  step(done: number, of: number): void {
    if (!this.#io.stderr.isTerminal) return;
    const now = this.#io.clock();
    if (now - this.#start < 1000 || now - this.#last < 200) return;
    this.#last = now;
    this.#shown = true;
    this.#io.stderr.write(`\rreading ${done} of ${of} files`);
  }

  /** Clears the line. */
  done(): void {
    if (this.#shown) this.#io.stderr.write('\r\u001b[K');
    this.#shown = false;
  }
}
