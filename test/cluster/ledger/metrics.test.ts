/** The metrics of the ledger equal what happened. */
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { LeaseStore } from '../../../src/cluster/ledger/lease-store.ts';
import { ReplicatedLedger } from '../../../src/cluster/ledger/ledger.ts';
import type { LedgerRequest } from '../../../src/admission/ledger.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import { World } from '../../../src/core/world.ts';
import { LedgerMetrics } from '../../../src/cluster/ledger/ledger-metrics.ts';
import { ObjectStore } from '../../support/object-store.ts';

const PATH = '/apis/coordination.k8s.io/v1/namespaces/guard/leases/ledger';
const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };

function replica(api: ObjectStore, resources: readonly Resource[] = []) {
  const registry = new Registry();
  const metrics = new LedgerMetrics(registry);
  let now = 0;
  const ledger = new ReplicatedLedger({
    store: new LeaseStore({ api, namespace: 'guard', name: 'ledger', holder: 'pod' }),
    reader: {
      consistent: async () => World.of({ resources, today: '2026-06-01' }),
      hasBeenStored: () => false,
    },
    // Each reading of the clock is 25 ms after the previous one.
    clock: { now: () => (now += 25), sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    observe: (event) => metrics.observe(event),
  });
  const value = async (name: string, labels = '') => {
    const line = (await registry.metrics())
      .split('\n')
      .find((each) => each.startsWith(`iomesh_guard_ledger_${name}${labels} `));
    return Number(line?.split(' ').at(-1));
  };
  return {
    ask: (request: LedgerRequest<string>, milliseconds = 4000) =>
      ledger.decide(request, 60_000, AbortSignal.timeout(milliseconds)),
    ledger,
    value,
    decisions: async () =>
      Object.fromEntries(
        await Promise.all(
          ['allowed', 'denied', 'unverified', 'failed'].map(async (outcome) => [
            outcome,
            await value('decisions_total', `{outcome="${outcome}"}`),
          ]),
        ),
      ),
    rounds: async (result: string) => await value('rounds_total', `{result="${result}"}`),
  };
}

function installed(): ObjectStore {
  const api = new ObjectStore();
  api.put(PATH, { ...LEASE, metadata: { namespace: 'guard', name: 'ledger' } });
  return api;
}

function connection(name: string): Resource {
  return toResource({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: name, uid: `uid-of-${name}` },
    data: { clusterId: 'one', iscsiPortal: '127.0.0.1:3260' },
  })!;
}

function requestFor(name: string, allowed = true, dryRun = false): LedgerRequest<string> {
  return {
    change: { after: connection(name) },
    user: 'admin',
    dryRun,
    evaluate: () => ({ allowed, answer: allowed ? 'yes' : 'no' }),
  };
}

it('start at zero', async () => {
  const { decisions, rounds, value } = replica(installed());
  expect(await decisions()).toEqual({ allowed: 0, denied: 0, unverified: 0, failed: 0 });
  for (const result of ['committed', 'read', 'conflict', 'yielded', 'failed'])
    expect(await rounds(result)).toBe(0);
  expect(await value('decision_duration_seconds_count')).toBe(0);
});

it('count each decision once and measure its time', async () => {
  const { ask, decisions, rounds, value } = replica(installed());
  expect(await ask(requestFor('a'))).toBe('yes');
  expect(await ask(requestFor('b'))).toBe('yes');
  expect(await ask(requestFor('c', false))).toBe('no');
  expect(await ask(requestFor('d', true, true))).toBe('yes');
  const broken = {
    ...requestFor('e'),
    evaluate: () => {
      throw new RangeError('too deep');
    },
  };
  await expect(ask(broken)).rejects.toThrow('too deep');
  expect(await decisions()).toEqual({ allowed: 3, denied: 1, unverified: 0, failed: 1 });
  expect(await value('decision_duration_seconds_count')).toBe(5);
  expect(await value('decision_duration_seconds_sum')).toBeGreaterThanOrEqual(5 * 0.025);
  // Denials, dry runs and failures are not recorded.
  expect(await rounds('committed')).toBe(2);
  expect(await rounds('read')).toBe(3);
  expect(await value('entries')).toBe(2);
});

it('show the entries of another replica until they are resolved', async () => {
  const api = installed();
  await replica(api).ask(requestFor('a'));
  const other = replica(api);
  await other.ledger.maintain();
  expect(await other.value('entries')).toBe(1);
  const later = replica(api, [connection('a')]);
  await later.ledger.maintain();
  expect(await later.value('entries')).toBe(0);
  expect(await later.rounds('committed')).toBe(1);
});

it('count write conflicts', async () => {
  const api = installed();
  const { ask, rounds, decisions } = replica(api);
  let times = 2;
  api.meddle = (method) => {
    if (method !== 'PUT' || times-- <= 0) return;
    api.put(PATH, { ...LEASE, metadata: { namespace: 'guard', name: 'ledger' } });
  };
  expect(await ask(requestFor('a'))).toBe('yes');
  expect(await rounds('conflict')).toBe(2);
  expect(await decisions()).toMatchObject({ allowed: 1 });
});

it('count requests without a decision, and each failed attempt', async () => {
  const api = installed();
  const { ask, rounds, decisions, value } = replica(api);
  api.meddle = () => {
    throw new Error('connect ECONNREFUSED');
  };
  await expect(ask(requestFor('a'), 50)).rejects.toThrow('cannot verify');
  expect(await decisions()).toEqual({ allowed: 0, denied: 0, unverified: 1, failed: 0 });
  expect(await rounds('failed')).toBeGreaterThan(0);
  expect(await value('decision_duration_seconds_count')).toBe(1);
});
