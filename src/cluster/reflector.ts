import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { JsonObject } from '../core/base/json.ts';
import { type Api, reasonOf, retryAfterOf, statusOf } from './api.ts';
import { Backoff } from './backoff.ts';
import type { LiveKind } from './kinds.ts';
import type { ClusterMetrics } from './metrics.ts';
import { listPages, objectPages } from './pages.ts';
import { type CachedObject, type IsNamed, toCachedObject } from './cached-object.ts';
import { cacheKey, type ListStart, ObjectCache } from './object-cache.ts';
import { versionNumber } from './resource-version.ts';
import { noLongerServed, readServed } from './served-version.ts';
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

/** `absent`: the kind is not installed. `forbidden`: there is no permission to list an optional kind. */
export type ReflectorState = 'starting' | 'listed' | 'absent' | 'forbidden';

/**
 * Keeps an {@link ObjectCache} up to date with the objects of one kind: list, then watch, as client-go's
 * Reflector does (https://pkg.go.dev/k8s.io/client-go/tools/cache#Reflector). After a failure it waits with
 * a backoff and continues the watch, or lists again if the watch cannot be continued.
 */
export class Reflector {
  readonly cache = new ObjectCache();
  readonly #options: ReflectorOptions;
  #kind: LiveKind;
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
    this.#kind = options.kind;
    this.#backoff = new Backoff(options.timings.backoffMs, options.timings.maxBackoffMs);
  }

  /** The kind, in the version in which it is read. */
  get kind(): LiveKind {
    return this.#kind;
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** Why the last attempt failed; undefined after a success. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** True if the last attempt succeeded: the cache lags behind the cluster by moments only. */
  get isCurrent(): boolean {
    return this.#state !== 'starting' && this.#failure === undefined;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the watch. Resolves when nothing is running. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#round.abort();
    await this.#running;
  }

  /** Resolves after the first list, or when the kind is absent or forbidden. Rejects if the signal aborts. */
  listed(signal: AbortSignal): Promise<void> {
    return this.#state === 'starting' ? this.#nextList(signal) : Promise.resolve();
  }

  /**
   * Lists again at once, for a caller that found the cache far behind. Resolves after a list. A running
   * list is not restarted: with frequent callers it would never end.
   */
  relist(signal: AbortSignal): Promise<void> {
    const done = this.#nextList(signal);
    if (!this.#listing) {
      this.#options.metrics.interrupted(this.kind.kind, 'behind');
      this.#round.abort();
    }
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

  /** Lists all objects. Returns the version to watch from; undefined if the kind is absent or forbidden. */
  async #list(round: AbortSignal): Promise<string | undefined> {
    const { api, timings } = this.#options;
    const signal = AbortSignal.any([round, AbortSignal.timeout(timings.listMs)]);
    const start = this.cache.startList(performance.now());
    this.#listing = true;
    try {
      const list = (each: LiveKind) => this.#listKind(each, signal, start);
      const version = await readServed(api, this.#options.kind, signal, list, this.#kind);
      if (version !== undefined) return version;
      if (this.cache.objects.size > 0) throw noLongerServed(this.#kind, this.cache.objects.size);
      this.#reached('absent', new Map(), '', start);
    } catch (error) {
      if (statusOf(error) !== 403 || !this.#kind.optional) throw error;
      this.#reached('forbidden', new Map(), '', start, reasonOf(error));
    } finally {
      this.#listing = false;
    }
    this.#backoff.reset();
    return undefined;
  }

  async #listKind(kind: LiveKind, signal: AbortSignal, start: ListStart): Promise<string> {
    const { api, timings, isNamed, logger } = this.#options;
    let objects = new Map<string, CachedObject>();
    const pages = objectPages(api, kind, (item) => {
      const object = toCachedObject(kind, item, isNamed);
      if (object !== undefined) objects.set(cacheKey(object), object);
    });
    const version = await listPages(
      pages,
      kind,
      {
        pageSize: Math.min(timings.pageSize, kind.pageSize),
        firstPage: kind.firstPage,
        signal,
      },
      () => {
        objects = new Map();
      },
    );
    if (kind.apiVersion !== this.#kind.apiVersion)
      logger.warn({ kind: kind.kind, apiVersion: kind.apiVersion }, 'the kind is served in another version');
    this.#kind = kind;
    this.#reached('listed', objects, version, start);
    return version;
  }

  /** Watches until the list must be read again. */
  async #follow(from: string, signal: AbortSignal): Promise<void> {
    const { api, timings, metrics } = this.#options;
    const { kind } = this;
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
        alive: (version) => {
          if (version !== undefined) this.cache.advance(version);
          metrics.alive(kind.kind);
        },
      });
      const advanced = end.version !== version;
      version = end.version;
      if (end.reason === 'stopped') return;
      // Another apiserver may continue it, or one whose etcd was restored.
      this.cache.distrust();
      metrics.connected(kind.kind, false);
      metrics.interrupted(kind.kind, end.reason);
      if (end.reason !== 'closed' && end.reason !== 'expired') this.#failed('watch', end.error);
      // Avoids a tight loop if the server ends each watch at once.
      const quick = !advanced && Date.now() - began < timings.backoffMs * 2;
      if (!quick) this.#backoff.reset();
      if (quick || end.reason === 'broken' || end.reason === 'refused')
        await this.#pause(this.#backoff.next(retryAfterOf(end.error)), signal);
      // After a broken connection the watch continues. After a rejection the version may be lost, so list again.
      if (end.reason === 'expired' || end.reason === 'refused') return;
    }
  }

  #changed(object: JsonObject): void {
    const changed = toCachedObject(this.kind, object, this.#options.isNamed);
    if (changed !== undefined) this.cache.set(changed);
    this.#count();
  }

  #deleted(object: JsonObject): void {
    const deleted = toCachedObject(this.kind, object, this.#options.isNamed);
    if (deleted !== undefined) this.cache.delete(cacheKey(deleted), deleted.version);
    this.#count();
  }

  #reached(
    state: ReflectorState,
    objects: Map<string, CachedObject>,
    version: string,
    start: ListStart,
    reason?: string,
  ): void {
    const { metrics, logger } = this.#options;
    const { kind } = this;
    const before = this.#state;
    this.#state = state;
    this.cache.replace(objects, version);
    this.cache.prove(state === 'listed' ? versionNumber(version) : 0, start);
    this.#count();
    metrics.alive(kind.kind);
    metrics.listed(kind.kind, 'done');
    if (state !== before) {
      const fields = { kind: kind.kind, objects: objects.size, reason };
      if (state === 'listed') logger.info(fields, 'listed');
      else if (state === 'absent') logger.info(fields, 'kind is not installed; retrying periodically');
      else logger.warn(fields, 'no permission to list; rules that need this kind are skipped');
    }
    this.#recovered();
    for (const waiter of this.#listWaiters.splice(0)) waiter();
  }

  #failed(what: 'list' | 'watch', error: unknown): void {
    const { logger, metrics, kind } = this.#options;
    this.#failure = reasonOf(error);
    if (what === 'list') metrics.listed(kind.kind, 'failed');
    logger.warn({ kind: kind.kind, reason: this.#failure }, `${what} failed; retrying`);
  }

  #recovered(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#options.logger.info({ kind: this.kind.kind }, 'recovered');
  }

  #count(): void {
    this.#options.metrics.objects(this.kind.kind, this.cache.wholeCount);
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
      // Aborted to list again or to stop.
    }
  }
}
