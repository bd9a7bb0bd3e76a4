import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { JsonObject } from '../core/base/json.ts';
import { type Api, reasonOf, retryAfterOf, statusOf } from './api.ts';
import { Backoff } from './backoff.ts';
import { ACCEPT, type LiveKind } from './kinds.ts';
import type { ClusterMetrics } from './metrics.ts';
import { listPages } from './pages.ts';
import { type Entry, type IsNamed, toEntry } from './slim.ts';
import { entryKey, Store } from './store.ts';
import type { Timings } from './timings.ts';
import { watchSession } from './watch-session.ts';

export interface ReflectorOptions {
  readonly api: Api;
  readonly kind: LiveKind;
  readonly timings: Timings;
  readonly metrics: ClusterMetrics;
  readonly logger: Logger;
  readonly isNamed: IsNamed;
}

/** `absent`: the kind is not installed. `forbidden`: we may not see it, and can do without. */
export type ReflectorState = 'starting' | 'listed' | 'absent' | 'forbidden';

/**
 * Keeps a {@link Store} in step with the objects of one kind: list, then watch. It never gives up:
 * whatever happens to the list or the watch, it waits, longer each time, and goes on where it can or
 * begins anew where it must.
 */
export class Reflector {
  readonly kind: LiveKind;
  readonly store = new Store();
  readonly #options: ReflectorOptions;
  readonly #backoff: Backoff;
  readonly #stopping = new AbortController();
  #round = new AbortController();
  #running: Promise<void> | undefined;
  #state: ReflectorState = 'starting';
  #failure: string | undefined;
  #listing = false;
  readonly #listWaiters: (() => void)[] = [];

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.#backoff = new Backoff(options.timings.backoffMs, options.timings.maxBackoffMs);
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** Why the last attempt failed; undefined while all is well. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** True while nothing is known to be wrong: the store is as the cluster was a moment ago. */
  get inStep(): boolean {
    return this.#state !== 'starting' && this.#failure === undefined;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the watch; resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#round.abort();
    await this.#running;
  }

  /** Resolves when the kind has been listed once, or is known to be absent or forbidden. Rejects when the signal fires. */
  listed(signal: AbortSignal): Promise<void> {
    return this.#state === 'starting' ? this.#nextList(signal) : Promise.resolve();
  }

  /**
   * Reads the list anew at once, for a caller that found the store far behind; resolves when one is
   * done. A list under way is not begun again: callers who come often would keep it from ever ending.
   */
  relist(signal: AbortSignal): Promise<void> {
    const done = this.#nextList(signal);
    if (!this.#listing) this.#round.abort();
    return done;
  }

  #nextList(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => reject(signal.reason);
      if (signal.aborted) return aborted();
      signal.addEventListener('abort', aborted, { once: true });
      this.#listWaiters.push(() => {
        signal.removeEventListener('abort', aborted);
        resolve();
      });
    });
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#round = new AbortController();
      const { signal } = this.#round;
      try {
        const version = await this.#list(signal);
        if (version === undefined) await this.#pause(this.#pollMs(), signal);
        else await this.#follow(version, signal);
      } catch (error) {
        if (signal.aborted) continue;
        this.#failed('list', error);
        await this.#pause(this.#backoff.next(retryAfterOf(error)), signal);
      }
    }
    this.#options.metrics.connected(this.kind.kind, false);
  }

  /** Reads all objects; gives the version to watch from, or undefined where there is nothing to watch. */
  async #list(round: AbortSignal): Promise<string | undefined> {
    const { api, kind, timings, isNamed } = this.#options;
    const signal = AbortSignal.any([round, AbortSignal.timeout(timings.listMs)]);
    let entries = new Map<string, Entry>();
    this.#listing = true;
    try {
      const version = await listPages(
        api,
        kind,
        {
          accept: kind.metadataOnly ? ACCEPT.metadataList : ACCEPT.whole,
          pageSize: Math.min(timings.pageSize, kind.pageSize),
          signal,
        },
        () => {
          entries = new Map();
        },
        (item) => {
          const entry = toEntry(kind, item, isNamed);
          if (entry !== undefined) entries.set(entryKey(entry), entry);
        },
      );
      this.#reached('listed', entries);
      return version;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) this.#reached('absent', new Map());
      else if (status === 403 && kind.optional) this.#reached('forbidden', new Map(), reasonOf(error));
      else throw error;
      this.#backoff.reset();
      return undefined;
    } finally {
      this.#listing = false;
    }
  }

  /** Watches until the list must be read again. */
  async #follow(from: string, signal: AbortSignal): Promise<void> {
    const { api, kind, timings, metrics } = this.#options;
    let version = from;
    while (!signal.aborted) {
      const began = Date.now();
      const end = await watchSession(api, kind, {
        from: version,
        timeoutSeconds: timings.timeoutSeconds,
        silenceMs: timings.silenceMs,
        signal,
        opened: () => {
          this.#recovered();
          metrics.connected(kind.kind, true);
          metrics.alive(kind.kind);
        },
        changed: (object) => this.#changed(object),
        deleted: (object) => this.#deleted(object),
        alive: () => metrics.alive(kind.kind),
      });
      const advanced = end.version !== version;
      version = end.version;
      if (end.reason === 'stopped') return;
      metrics.connected(kind.kind, false);
      metrics.interrupted(kind.kind, end.reason);
      if (end.reason !== 'closed' && end.reason !== 'expired') this.#failed('watch', end.error);
      // A server that ends watches as soon as they begin must not be asked in a tight loop.
      const quick = !advanced && Date.now() - began < timings.backoffMs * 2;
      if (!quick) this.#backoff.reset();
      if (quick || end.reason === 'broken' || end.reason === 'refused')
        await this.#pause(this.#backoff.next(retryAfterOf(end.error)), signal);
      // A broken connection is taken up where it ended; a server that refused may have lost our place.
      if (end.reason === 'expired' || end.reason === 'refused') return;
    }
  }

  #changed(object: JsonObject): void {
    const entry = toEntry(this.kind, object, this.#options.isNamed);
    if (entry !== undefined) this.store.set(entry);
    this.#count();
  }

  #deleted(object: JsonObject): void {
    const entry = toEntry(this.kind, object, this.#options.isNamed);
    if (entry !== undefined) this.store.delete(entryKey(entry));
    this.#count();
  }

  #reached(state: ReflectorState, entries: Map<string, Entry>, why?: string): void {
    const { metrics, logger, kind } = this.#options;
    const before = this.#state;
    this.#state = state;
    this.store.replace(entries);
    this.#count();
    metrics.alive(kind.kind);
    metrics.listed(kind.kind, 'done');
    if (state !== before) {
      const said = { kind: kind.kind, objects: entries.size, ...(why === undefined ? {} : { reason: why }) };
      if (state === 'listed') logger.info(said, 'listed');
      else if (state === 'absent')
        logger.info(said, 'kind is not installed; looking for it again from time to time');
      else logger.warn(said, 'may not be listed; rules that need it stay silent');
    }
    this.#recovered();
    for (const waiter of this.#listWaiters.splice(0)) waiter();
  }

  #failed(what: 'list' | 'watch', error: unknown): void {
    const { logger, metrics, kind } = this.#options;
    this.#failure = reasonOf(error);
    if (what === 'list') metrics.listed(kind.kind, 'failed');
    logger.warn({ kind: kind.kind, reason: this.#failure }, `${what} failed; trying again`);
  }

  #recovered(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#options.logger.info({ kind: this.kind.kind }, 'recovered');
  }

  #count(): void {
    this.#options.metrics.objects(this.kind.kind, this.store.kept);
  }

  #pollMs(): number {
    const { timings } = this.#options;
    const whole = this.#state === 'forbidden' ? timings.forbiddenMs : timings.absentMs;
    return whole * (0.75 + Math.random() / 2);
  }

  async #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal });
    } catch {
      // Woken to begin anew, or to end.
    }
  }
}
