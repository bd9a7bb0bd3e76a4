/**
 * Lets concurrent callers share one read. No caller gets a read that began before its call: it may miss
 * objects that were stored before the call.
 */
export class SharedRead<T> {
  readonly #read: () => Promise<T>;
  #running: Promise<unknown> | undefined;
  #next: Promise<T> | undefined;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** The result of a read that begins after this call. */
  get(): Promise<T> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<T> {
    await this.#running;
    // Calls in the same turn of the event loop join this read.
    await new Promise(setImmediate);
    this.#next = undefined;
    const read = this.#read();
    // One read at a time; the next begins when this one ends.
    this.#running = read.then(
      () => {},
      () => {},
    );
    return await read;
  }
}
