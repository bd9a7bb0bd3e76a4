/** Waits that double from `first` to `most`, each between half of it and the whole: many clients do not come back at once. */
export class Backoff {
  readonly #first: number;
  readonly #most: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(firstMs: number, mostMs: number, random: () => number = Math.random) {
    this.#first = firstMs;
    this.#most = mostMs;
    this.#random = random;
  }

  /** How long to wait after one more failure, and never less than the server asked for. */
  next(atLeastMs = 0): number {
    const whole = Math.min(this.#most, this.#first * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.max(whole * (0.5 + this.#random() / 2), Math.min(atLeastMs, this.#most));
  }

  reset(): void {
    this.#failures = 0;
  }
}
