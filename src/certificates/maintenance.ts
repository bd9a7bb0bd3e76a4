import { reasonOf } from '../cluster/api.ts';

export interface MaintenanceOptions {
  /** Does the next step. Returns true if nothing is left to do, false if it must be called again at once. */
  pass(signal: AbortSignal): Promise<boolean>;
  /** Called if a pass failed. It is retried. */
  failed(reason: string): void;
  /** False if the next pass must not wait: the replica is not ready, or the webhooks are not registered yet. */
  isReady(): boolean;
  /** The interval in milliseconds, and the interval while the replica is not ready. */
  readonly pollMs?: number | undefined;
  readonly retryMs?: number | undefined;
}

const POLL_MS = 30_000;
const RETRY_MS = 1_000;
const REQUEST_MS = 10_000;
/** Each pass does one step; other replicas can cause more passes. */
const MAX_PASSES = 10;

/** Repeats the steps that keep the Secret and the webhook configurations of all replicas right. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  /** Undefined during a run. */
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** Runs once, then periodically. Never rejects. */
  async run(): Promise<void> {
    const { pass, failed, isReady, pollMs = POLL_MS, retryMs = RETRY_MS } = this.#options;
    this.#timer = undefined;
    const signal = AbortSignal.timeout(REQUEST_MS);
    try {
      let settled = false;
      for (let count = 0; count < MAX_PASSES && !settled; count += 1) settled = await pass(signal);
    } catch (error) {
      failed(reasonOf(error));
    }
    if (this.#closed) return;
    const wait = (isReady() ? pollMs : retryMs) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.run(), wait).unref();
  }

  /** Runs now, if no run is under way. */
  runNow(): void {
    if (this.#timer === undefined || this.#closed) return;
    clearTimeout(this.#timer);
    void this.run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
