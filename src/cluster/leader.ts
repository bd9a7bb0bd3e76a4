import { setTimeout as sleep } from 'node:timers/promises';
import { asString, at, isObject, type JsonObject, own } from '../core/base/json.ts';
import { type Api, reasonOf, statusOf } from './api.ts';
import { microTime } from './micro-time.ts';

/** The values of client-go: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection#LeaderElectionConfig. */
export interface LeaderTimings {
  /** A Lease that was not renewed for this time can be taken. */
  readonly leaseMs: number;
  /** A leader that could not renew for this time is none any more. */
  readonly renewMs: number;
  readonly retryMs: number;
}

const LEADER_TIMINGS: LeaderTimings = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2_000 };

export interface LeaderOptions {
  readonly api: Api;
  readonly namespace: string;
  /** The name of the Lease. */
  readonly name: string;
  /** The name of this replica; unique. */
  readonly identity: string;
  readonly timings?: Partial<LeaderTimings> | undefined;
  /** The leader has changed to or from this replica. `before`: when the last leader renewed, by its own clock. */
  readonly onChange?: ((isLeader: boolean, before: Date | undefined) => void) | undefined;
  readonly onFailure?: ((reason: string) => void) | undefined;
}

/**
 * Elects one of the replicas by a Lease, as client-go does. Clocks are not compared: a Lease has expired if this replica
 * has seen no change of it for its duration. A paused process stops being leader before another one can begin.
 */
export class LeaderElection {
  readonly #options: LeaderOptions;
  readonly #timings: LeaderTimings;
  readonly #path: string;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #seen: { readonly version: string; readonly at: number } | undefined;
  #renewed = Number.NEGATIVE_INFINITY;
  #wasLeader = false;

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.#timings = { ...LEADER_TIMINGS, ...options.timings };
    this.#path = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(options.namespace)}/leases`;
  }

  /** True while no other replica can be the leader. Ask before each write. */
  get isLeader(): boolean {
    return performance.now() - this.#renewed < this.#timings.renewMs;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Gives the Lease up, so that another replica need not wait. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const began = performance.now();
      const before = await this.#attempt(began);
      if (this.isLeader !== this.#wasLeader) {
        this.#wasLeader = this.isLeader;
        this.#options.onChange?.(this.#wasLeader, before);
      }
      const wait = this.#timings.retryMs * (this.isLeader ? 1 : 1 + Math.random() * 0.2);
      await sleep(wait, undefined, { ref: false, signal }).catch(() => undefined);
    }
    if (this.isLeader) await this.#release();
  }

  /** Renews or takes the Lease. Returns when the leader before renewed. */
  async #attempt(began: number): Promise<Date | undefined> {
    const { api, name, identity } = this.#options;
    const signal = AbortSignal.timeout(this.#timings.renewMs / 2);
    try {
      const lease = await this.#read(signal);
      const version = asString(at(lease, ['metadata', 'resourceVersion']));
      if (version !== this.#seen?.version)
        this.#seen = version === undefined ? undefined : { version, at: performance.now() };
      const holder = asString(at(lease, ['spec', 'holderIdentity'])) ?? '';
      const duration = Number(at(lease, ['spec', 'leaseDurationSeconds'])) * 1000 || this.#timings.leaseMs;
      const expired = this.#seen === undefined || performance.now() - this.#seen.at >= duration;
      if (lease !== undefined && holder !== '' && holder !== identity && !expired) return undefined;
      const body = this.#lease(lease, holder === identity);
      const written =
        lease === undefined
          ? await api.request('POST', this.#path, { body, signal })
          : await api.request('PUT', `${this.#path}/${encodeURIComponent(name)}`, { body, signal });
      this.#seen = {
        version: asString(at(written, ['metadata', 'resourceVersion'])) ?? '',
        at: performance.now(),
      };
      // From the beginning: the answer may have been late.
      this.#renewed = began;
      const renewTime = asString(at(lease, ['spec', 'renewTime']));
      return renewTime === undefined ? undefined : new Date(renewTime);
    } catch (error) {
      // 409: another replica was faster.
      if (statusOf(error) !== 409) this.#options.onFailure?.(reasonOf(error));
      return undefined;
    }
  }

  async #read(signal: AbortSignal): Promise<JsonObject | undefined> {
    const { api, name } = this.#options;
    try {
      return await api.request('GET', `${this.#path}/${encodeURIComponent(name)}`, { signal });
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  #lease(last: JsonObject | undefined, renews: boolean): JsonObject {
    const { namespace, name, identity } = this.#options;
    const now = microTime(new Date());
    const spec = own(last, 'spec');
    const known = isObject(spec) ? spec : {};
    return {
      ...(last ?? { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } }),
      spec: {
        ...known,
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(this.#timings.leaseMs / 1000),
        renewTime: now,
        acquireTime: renews ? (own(spec, 'acquireTime') ?? now) : now,
        leaseTransitions:
          (Number(own(spec, 'leaseTransitions')) || 0) + Number(last !== undefined && !renews),
      },
    };
  }

  /** As client-go: without a holder, and with a duration of a second. */
  async #release(): Promise<void> {
    const { api, name, identity } = this.#options;
    this.#renewed = Number.NEGATIVE_INFINITY;
    try {
      const signal = AbortSignal.timeout(this.#timings.retryMs);
      const lease = await this.#read(signal);
      if (lease === undefined || at(lease, ['spec', 'holderIdentity']) !== identity) return;
      const spec = own(lease, 'spec');
      const released = { ...(isObject(spec) ? spec : {}), holderIdentity: '', leaseDurationSeconds: 1 };
      await api.request('PUT', `${this.#path}/${encodeURIComponent(name)}`, {
        body: { ...lease, spec: released },
        signal,
      });
    } catch {
      // It expires.
    }
  }
}
