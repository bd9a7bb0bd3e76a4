/**
 * Lets callers who come together share one read, but none a read that began before they came: that may
 * have passed by what they need to see.
 */
export class SharedRead<T> {
  readonly #read: () => Promise<T>;
  #running: Promise<unknown> | undefined;
  #next: Promise<T> | undefined;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** What a read gives that begins after this call. */
  get(): Promise<T> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<T> {
    await this.#running;
    // Those who come in the same turn still join.
    await new Promise(setImmediate);
    this.#next = undefined;
    const read = this.#read();
    // One after another: what waits meanwhile is read at once afterwards.
    this.#running = read.then(
      () => {},
      () => {},
    );
    return await read;
  }
}
