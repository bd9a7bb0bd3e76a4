import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { PassResult } from './evaluate-pass.ts';
import { type FindingChanges, FindingHistory, type StandingFinding } from './finding-history.ts';
import { StandingMetrics } from './standing-metrics.ts';
import type { WatchedWorld } from './watched-objects.ts';

/** What is evaluated, and how. */
export interface StandingSource {
  /** Nothing is evaluated before it is ready, and everything after each new revision. */
  readonly world: Pick<WatchedWorld, 'ready' | 'revision'>;
  /** Evaluates everything on a day, `YYYY-MM-DD` in UTC. */
  evaluate(today: string, signal: AbortSignal): Promise<PassResult>;
  /** Ends what {@link evaluate} has started. */
  close(): void;
}

/** One evaluation of the cluster as it is. */
export interface StandingPass extends FindingChanges, Omit<PassResult, 'records'> {
  readonly at: Date;
}

/** When a pass begins. */
export interface PassTimings {
  readonly pollMs: number;
  /** Nothing has changed for this time, */
  readonly settledMs: number;
  /** or the first change was this time ago: some clusters never settle, */
  readonly latestMs: number;
  /** or the last pass: claims and volumes are not watched. */
  readonly everyMs: number;
  /** A pass that has failed is repeated after this time, twice the time after each further failure, */
  readonly retryMs: number;
  /** at most this time. A large cluster must not be copied and listed all the time. */
  readonly longestRetryMs: number;
  /** The longest time of a pass. */
  readonly passMs: number;
  /** The shortest pause after a pass, in durations of that pass. */
  readonly pauseFactor: number;
}

const PASS_TIMINGS: PassTimings = {
  pollMs: 500,
  settledMs: 5_000,
  latestMs: 10_000,
  everyMs: 600_000,
  retryMs: 10_000,
  longestRetryMs: 60_000,
  passMs: 120_000,
  // A cluster that never settles costs a fifth of a core at most: 1 000 clusters with 10 000 nodes take 2 s (bench/standing.mjs).
  pauseFactor: 4,
};

/** The number of log lines of one pass. */
const MAX_LINES = 100;

export interface StandingAuditOptions {
  readonly source: StandingSource;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly today: () => string;
  readonly timings?: Partial<PassTimings> | undefined;
  /** Receives each pass. Must not throw. */
  readonly onPass?: ((pass: StandingPass) => void) | undefined;
}

/**
 * Evaluates the cluster as `audit` does: when it has changed, on each new day, and every ten minutes. Logs and counts
 * the findings that appear and those that are resolved.
 */
export class StandingAudit {
  readonly #options: StandingAuditOptions;
  readonly #timings: PassTimings;
  readonly #metrics: StandingMetrics;
  readonly #history = new FindingHistory();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #revision: string | undefined;
  #firstChange: number | undefined;
  #lastChange = 0;
  #day: string | undefined;
  #ended = 0;
  #notBefore = 0;
  #failures = 0;
  #unread = '';

  constructor(options: StandingAuditOptions) {
    this.#options = options;
    this.#timings = { ...PASS_TIMINGS, ...options.timings };
    this.#metrics = new StandingMetrics(options.registry);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends a running pass. */
  close(): void {
    this.#stopping.abort();
    this.#options.source.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.#isDue(performance.now())) await this.#pass(signal);
      await sleep(this.#timings.pollMs, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  #isDue(now: number): boolean {
    const { source, today } = this.#options;
    const { ready, revision } = source.world;
    const { settledMs, latestMs, everyMs } = this.#timings;
    if (!ready) return false;
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#firstChange ??= now;
      this.#lastChange = now;
    }
    if (now < this.#notBefore) return false;
    if (this.#day !== undefined && (today() !== this.#day || now - this.#ended >= everyMs)) return true;
    if (this.#firstChange === undefined) return false;
    return now - this.#lastChange >= settledMs || now - this.#firstChange >= latestMs;
  }

  async #pass(stopping: AbortSignal): Promise<void> {
    const { source, today } = this.#options;
    const { passMs, pauseFactor, retryMs, longestRetryMs } = this.#timings;
    const began = performance.now();
    const firstChange = this.#firstChange ?? began;
    this.#firstChange = undefined;
    const day = today();
    try {
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(passMs)]);
      this.#evaluated(await source.evaluate(day, signal), began);
      this.#day = day;
      this.#ended = performance.now();
      this.#notBefore = this.#ended + (this.#ended - began) * pauseFactor;
    } catch (error) {
      if (stopping.aborted) return;
      this.#firstChange ??= firstChange;
      this.#notBefore = performance.now() + Math.min(retryMs * 2 ** this.#failures, longestRetryMs);
      this.#failed(error);
    }
  }

  #evaluated({ records, ...evaluation }: PassResult, began: number): void {
    const { logger, onPass } = this.#options;
    const at = new Date();
    const changes = this.#history.update(records, at);
    this.#metrics.done(changes.findings, (performance.now() - began) / 1000);
    if (this.#failures > 0) logger.info('standing findings are evaluated again');
    this.#failures = 0;
    const unread = evaluation.unread.join('; ');
    if (unread !== '' && unread !== this.#unread)
      logger.warn(
        { reason: unread },
        'standing findings are incomplete; rules that need these kinds are skipped',
      );
    this.#unread = unread;
    this.#log(changes.appeared, 'standing finding appeared');
    this.#log(changes.resolved, 'standing finding resolved');
    onPass?.({ ...changes, ...evaluation, at });
  }

  #failed(error: unknown): void {
    this.#metrics.failed();
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#failures === 0)
      this.#options.logger.warn({ reason }, 'standing findings cannot be evaluated; retrying');
    this.#failures += 1;
  }

  /** Names the objects, without their content. */
  #log(findings: readonly StandingFinding[], message: string): void {
    const { logger } = this.#options;
    for (const { json, since } of findings.slice(0, MAX_LINES)) {
      const { code, severity, object } = json;
      const { kind, namespace, name } = object ?? {};
      logger.info({ rule: code, severity, kind, namespace, name, since: since.toISOString() }, message);
    }
    if (findings.length > MAX_LINES) logger.info({ more: findings.length - MAX_LINES }, message);
  }
}
