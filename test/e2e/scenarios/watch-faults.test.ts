/** What happens to long-lived requests in production, on the way between the server and the apiserver. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { expectDenied, expectOk, warnings } from '../support/cluster.ts';
import { onKubernetes } from '../support/suite.ts';
import { type Fault, FaultyProxy } from './faulty-proxy.ts';
import { Installation } from './installation.ts';
import { all, management, on, placed, pool, third } from './objects.ts';

const KINDS = ['IOMeshCluster', 'ZookeeperCluster', 'StorageClass', 'ConfigMap', 'Namespace', 'Node'];
const FAULT_MS = 3_000;
const RECOVERY = { timeout: 60_000, interval: 20 };
/** Two bookmarks must be missing before a watch is given up. */
const SILENCE = { timeout: 200_000, interval: 100 };

onKubernetes('watch faults', (kubernetes) => {
  let installation: Installation | undefined;
  let proxy: FaultyProxy | undefined;
  beforeAll(async () => {
    installation = await Installation.start(kubernetes);
    proxy = await FaultyProxy.start(await installation.cluster.as('iomesh-guard-system/iomesh-guard'));
    await installation.webhook.stop();
    await installation.serve(proxy.kubeconfig);
  });
  afterEach(() => installation?.clear());
  afterAll(async () => {
    await installation?.stop();
    await proxy?.stop();
  });

  const faults: readonly (readonly [string, Fault, reason: string])[] = [
    ['503', { kind: 'status', status: 503 }, 'broken'],
    ['429', { kind: 'status', status: 429, retryAfter: 1 }, 'broken'],
    ['410 as an answer', { kind: 'status', status: 410 }, 'expired'],
    ['410 as an event', { kind: 'gone' }, 'expired'],
    ['a connection reset', { kind: 'reset' }, 'broken'],
  ];
  it.each(faults)(
    '29 watches meet with %s: answers stay right, watches come back',
    async (title, fault, reason) => {
      expectOk(await installation!.cluster.apply(all(management())));
      await untilWatched();
      const before = await interruptions(reason);
      proxy!.break(fault);
      await vi.waitFor(async () => {
        for (const kind of KINDS)
          expect(await interruptions(reason, kind)).toBeGreaterThan(before.get(kind) ?? 0);
      }, RECOVERY);
      await expectRight();
      await sleep(FAULT_MS);
      proxy!.heal();
      await expectRecovered(`watches met with ${title}`);
    },
  );

  it('29 watches fall silent: answers stay right, it is noticed, watches come back', async () => {
    expectOk(await installation!.cluster.apply(all(management())));
    await untilWatched();
    const before = await interruptions('silence');
    proxy!.break({ kind: 'silence' });
    await expectRight();
    expect((await watched()).get('IOMeshCluster')).toBe(1);
    proxy!.heal();
    const ages: number[] = [];
    await vi.waitFor(async () => {
      ages.push(await installation!.metric('iomesh_guard_world_age_seconds'));
      for (const kind of KINDS)
        expect(await interruptions('silence', kind)).toBeGreaterThan(before.get(kind) ?? 0);
    }, SILENCE);
    console.log(`29: silence was noticed ${Math.round(Math.max(...ages))} s after the last sign of life`);
    expect(Math.max(...ages)).toBeGreaterThan(100);
    await expectRecovered('watches fell silent, and it was noticed');
  }, 300_000);

  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['connection resets', { kind: 'reset' }],
    ['silence', { kind: 'silence' }],
  ] as const)(
    '29 everything meets with %s: nothing is verified, then it is as before',
    async (title, fault) => {
      expectOk(await installation!.cluster.apply(all(management())));
      await untilWatched();
      const { pid } = installation!.webhook;
      const failed = await installation!.metric('iomesh_guard_consistent_reads_total', { result: 'failed' });
      proxy!.break(fault, { watchesOnly: false });
      const refused = await installation!.cluster.apply(all(pool()));
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('cannot verify');
      expect(refused.stderr).not.toMatch(/IOM\d{3}/);
      expect(
        await installation!.metric('iomesh_guard_consistent_reads_total', { result: 'failed' }),
      ).toBeGreaterThan(failed);
      proxy!.heal();
      const healed = performance.now();
      await vi.waitFor(
        async () => expect((await installation!.cluster.dryRun(pool().cluster)).code).toBe(0),
        RECOVERY,
      );
      console.log(`29: everything met with ${title}: answers are back after ${seconds(healed)} s`);
      // Connections that are dead and say nothing are noticed like silent watches: not waited for again.
      if (fault.kind !== 'silence') await expectRecovered(`everything met with ${title}`, healed);
      else await expectRight();
      expect(installation!.webhook.pid).toBe(pid);
    },
    180_000,
  );

  /** What is stored while no watch brings news is known all the same. */
  async function expectRight(): Promise<void> {
    const { cluster } = installation!;
    const result = await cluster.apply(all(third()));
    expectOk(result);
    expect(warnings(result)).toEqual([]);
    const overlapping = placed(pool(), { affinity: on('k8s-worker-6', 'k8s-worker-7', 'k8s-worker-9') });
    expectDenied(await cluster.apply(overlapping.cluster), 'IOM101', ['k8s-worker-6', 'k8s-worker-7']);
  }

  /** Every kind is watched, and the watches bring what is stored. */
  async function expectRecovered(what: string, healed = performance.now()): Promise<void> {
    await untilWatched();
    await vi.waitFor(async () => {
      const { body } = await installation!.plane.api.call('GET', '/apis/iomesh.com/v1alpha1/iomeshclusters');
      expect((await watched()).get('IOMeshCluster')).toBe(body.items.length);
    }, RECOVERY);
    console.log(`29: ${what}: all watches are back after ${seconds(healed)} s`);
    expectOk(await installation!.cluster.apply(all(pool())));
    await vi.waitFor(async () => {
      const { body } = await installation!.plane.api.call('GET', '/apis/iomesh.com/v1alpha1/iomeshclusters');
      expect((await watched()).get('IOMeshCluster')).toBe(body.items.length);
    }, RECOVERY);
    expect(await installation!.metric('iomesh_guard_world_age_seconds')).toBeLessThan(90);
  }

  async function untilWatched(): Promise<void> {
    await vi.waitFor(async () => {
      for (const kind of KINDS)
        expect(await installation!.metric('iomesh_guard_watch_connected', { kind })).toBe(1);
    }, RECOVERY);
  }

  async function watched(): Promise<ReadonlyMap<string, number>> {
    const found = KINDS.map(
      async (kind) => [kind, await installation!.metric('iomesh_guard_watch_objects', { kind })] as const,
    );
    return new Map(await Promise.all(found));
  }

  async function interruptions(reason: string): Promise<ReadonlyMap<string, number>>;
  async function interruptions(reason: string, kind: string): Promise<number>;
  async function interruptions(reason: string, kind?: string): Promise<number | ReadonlyMap<string, number>> {
    const count = (each: string) =>
      installation!.metric('iomesh_guard_watch_interruptions_total', { reason, kind: each });
    if (kind !== undefined) return await count(kind);
    return new Map(await Promise.all(KINDS.map(async (each) => [each, await count(each)] as const)));
  }
});

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
