/** How long each id has been seen without interruption. */
export class SeenSince {
  readonly #since = new Map<string, number>();

  /** Records all ids that are seen now, by a monotonic clock. */
  record(ids: readonly string[], now: number): void {
    for (const id of this.#since.keys()) if (!ids.includes(id)) this.#since.delete(id);
    for (const id of ids) if (!this.#since.has(id)) this.#since.set(id, now);
  }

  /** Milliseconds; undefined if the id is not seen. */
  duration(id: string, now: number): number | undefined {
    const since = this.#since.get(id);
    return since === undefined ? undefined : now - since;
  }
}
