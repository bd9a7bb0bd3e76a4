/** The election of the replica that writes, with Leases that are stored as an apiserver stores them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Api, apiError } from '../../src/cluster/api.ts';
import { LeaderElection } from '../../src/cluster/leader.ts';
import type { JsonObject } from '../../src/core/base/json.ts';

const TIMINGS = { leaseMs: 1000, renewMs: 600, retryMs: 50 };
const WAIT = { timeout: 5000, interval: 5 };

/** Stores one Lease: a write must name the version that it replaces. */
class StoredLease {
  lease: Record<string, unknown> | undefined;
  version = 0;
  /** Replicas that cannot reach it. */
  readonly cut = new Set<string>();

  connection(identity: string): Api {
    return {
      request: async (method, _path, options) => {
        await sleep(1);
        if (this.cut.has(identity)) throw apiError('not now', 503);
        if (method === 'GET' && this.lease === undefined) throw apiError('not found', 404);
        if (method === 'GET') return structuredClone(this.lease) as JsonObject;
        const body = options?.body as { metadata: { resourceVersion?: string } };
        const expected = this.lease === undefined ? undefined : String(this.version);
        if (body.metadata.resourceVersion !== expected) throw apiError('conflict', 409);
        this.version += 1;
        this.lease = {
          ...structuredClone(body),
          metadata: { ...body.metadata, resourceVersion: String(this.version) },
        };
        return structuredClone(this.lease) as JsonObject;
      },
    } as Api;
  }

  get spec() {
    return this.lease?.['spec'] as Record<string, unknown>;
  }
}

const running: LeaderElection[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
});

function replicas(store: StoredLease, ...identities: string[]): LeaderElection[] {
  const all = identities.map(
    (identity) =>
      new LeaderElection({
        api: store.connection(identity),
        namespace: 'a',
        name: 'writer',
        identity,
        timings: TIMINGS,
      }),
  );
  running.push(...all);
  for (const each of all) each.start();
  return all;
}

const leaders = (all: readonly LeaderElection[]) => all.filter(({ isLeader }) => isLeader).length;

describe('the replica that writes', () => {
  it('is one, and writes the fields of the Lease as client-go does', async () => {
    const store = new StoredLease();
    const all = replicas(store, 'a', 'b', 'c');
    await expect.poll(() => leaders(all), WAIT).toBe(1);
    for (let turn = 0; turn < 100; turn++, await sleep(5)) expect(leaders(all)).toBe(1);
    expect(store.spec['leaseDurationSeconds']).toBe(1);
    expect(store.spec['leaseTransitions']).toBe(0);
    expect(store.spec['renewTime']).toMatch(/^20.*\.\d{6}Z$/);
    expect(store.spec['acquireTime']).not.toBe(store.spec['renewTime']);
  });

  it('is another one at once if the first is stopped', async () => {
    const store = new StoredLease();
    const [first] = replicas(store, 'a');
    await expect.poll(() => first?.isLeader, WAIT).toBe(true);
    const [second] = replicas(store, 'b');
    const began = performance.now();
    await first?.close();
    expect(first?.isLeader).toBe(false);
    await expect.poll(() => second?.isLeader, WAIT).toBe(true);
    expect(performance.now() - began).toBeLessThan(TIMINGS.leaseMs);
    expect(store.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('is another one after the duration of the Lease if the first is cut off, and never two', async () => {
    const store = new StoredLease();
    const all = replicas(store, 'a', 'b');
    await expect.poll(() => leaders(all), WAIT).toBe(1);
    const first = all.find(({ isLeader }) => isLeader)!;
    store.cut.add(String(store.spec['holderIdentity']));
    const other = all.find((each) => each !== first)!;
    let most = 0;
    await expect
      .poll(() => {
        most = Math.max(most, leaders(all));
        return other.isLeader;
      }, WAIT)
      .toBe(true);
    expect(most).toBeLessThan(2);
    expect(first.isLeader).toBe(false);
  });
});
