/** Failures of long-lived requests between the webhook and the apiserver. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { expectDenied, expectOk, warnings } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { type Fault, FaultyProxy } from './support/faulty-proxy.ts';
import { Installation } from './support/installation.ts';
import { all, management, on, placed, pool, third } from './support/objects.ts';

const KINDS = ['IOMeshCluster', 'ZookeeperCluster', 'StorageClass', 'ConfigMap', 'Namespace', 'Node'];
const FAULT_MS = 3_000;
const RECOVERY = { timeout: 60_000, interval: 20 };
/** A watch is ended after two missing bookmarks. */
const SILENCE = { timeout: 200_000, interval: 100 };

onKubernetes('watch failures', (kubernetes) => {
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
    ['410 as a response', { kind: 'status', status: 410 }, 'expired'],
    ['410 as an event', { kind: 'gone' }, 'expired'],
    ['a connection reset', { kind: 'reset' }, 'broken'],
  ];
  it.each(faults)(
    'answers correctly while watches fail with %s, and watches again afterwards',
    async (title, fault, reason) => {
      expectOk(await installation!.cluster.apply(all(management())));
      await untilWatched();
      const before = await interruptions(reason);
      proxy!.break(fault);
      await vi.waitFor(async () => {
        for (const kind of KINDS)
          expect(await interruptions(reason, kind)).toBeGreaterThan(before.get(kind) ?? 0);
      }, RECOVERY);
      await expectCorrectAnswers();
      await sleep(FAULT_MS);
      proxy!.heal();
      await expectRecovered(`watches failed with ${title}`);
    },
  );

  it('answers correctly while watches are silent, detects it, and watches again afterwards', async () => {
    expectOk(await installation!.cluster.apply(all(management())));
    await untilWatched();
    // A list shows that the watch of a kind with changes is behind, before it is silent for long.
    const before = await endedBySilence();
    proxy!.break({ kind: 'silence' });
    await expectCorrectAnswers();
    expect((await watched()).get('IOMeshCluster')).toBe(1);
    proxy!.heal();
    const ages: number[] = [];
    await vi.waitFor(async () => {
      ages.push(await installation!.metric('iomesh_guard_world_age_seconds'));
      for (const kind of KINDS)
        expect((await endedBySilence()).get(kind)).toBeGreaterThan(before.get(kind) ?? 0);
    }, SILENCE);
    console.log(`silence was detected ${Math.round(Math.max(...ages))} s after the last event`);
    expect(Math.max(...ages)).toBeGreaterThan(100);
    await expectRecovered('silent watches were detected');
  }, 300_000);

  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['connection resets', { kind: 'reset' }],
    ['silence', { kind: 'silence' }],
  ] as const)(
    'answers "cannot verify" while all requests fail with %s, and recovers afterwards',
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
      console.log(`all requests failed with ${title}: answers after ${seconds(healed)} s`);
      // Dead connections are detected like silent watches, which takes too long to wait for again.
      if (fault.kind !== 'silence') await expectRecovered(`all requests failed with ${title}`, healed);
      else await expectCorrectAnswers();
      expect(installation!.webhook.pid).toBe(pid);
    },
    180_000,
  );

  /** Objects that no watch has delivered are considered. */
  async function expectCorrectAnswers(): Promise<void> {
    const { cluster } = installation!;
    const result = await cluster.apply(all(third()));
    expectOk(result);
    expect(warnings(result)).toEqual([]);
    const overlapping = placed(pool(), { affinity: on('k8s-worker-6', 'k8s-worker-7', 'k8s-worker-9') });
    expectDenied(await cluster.apply(overlapping.cluster), 'IOM101', ['k8s-worker-6', 'k8s-worker-7']);
  }

  /** Every kind is watched, and the watches deliver the stored objects. */
  async function expectRecovered(what: string, healed = performance.now()): Promise<void> {
    await untilWatched();
    await vi.waitFor(async () => {
      const { body } = await installation!.plane.api.call('GET', '/apis/iomesh.com/v1alpha1/iomeshclusters');
      expect((await watched()).get('IOMeshCluster')).toBe(body.items.length);
    }, RECOVERY);
    console.log(`${what}: all watches open after ${seconds(healed)} s`);
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

  async function endedBySilence(): Promise<ReadonlyMap<string, number>> {
    const [silent, behind] = [await interruptions('silence'), await interruptions('behind')];
    return new Map(KINDS.map((kind) => [kind, (silent.get(kind) ?? 0) + (behind.get(kind) ?? 0)]));
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
