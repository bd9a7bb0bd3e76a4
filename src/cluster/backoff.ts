/** Delays that double from the first to a maximum. Each is reduced by up to half, so that many clients do not retry at the same time. */
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

  /** The delay after one more failure, and at least the time that the server requested. */
  next(atLeastMs = 0): number {
    const whole = Math.min(this.#most, this.#first * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.max(whole * (0.5 + this.#random() / 2), Math.min(atLeastMs, this.#most));
  }

  reset(): void {
    this.#failures = 0;
  }
}
