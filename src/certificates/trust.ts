/** For how long an authority has been seen trusted, without a break. */
export class Trust {
  readonly #since = new Map<string, number>();

  /** Takes note of all that is trusted now, `now` being any clock that only goes forward. */
  note(ids: readonly string[], now: number): void {
    for (const id of this.#since.keys()) if (!ids.includes(id)) this.#since.delete(id);
    for (const id of ids) if (!this.#since.has(id)) this.#since.set(id, now);
  }

  /** Milliseconds; undefined where it is not trusted. */
  since(id: string, now: number): number | undefined {
    const since = this.#since.get(id);
    return since === undefined ? undefined : now - since;
  }
}
