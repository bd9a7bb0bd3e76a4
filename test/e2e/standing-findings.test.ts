/** Standing findings of two replicas: in metrics, log, reports and Events, and gone when they are fixed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Manifest, NAMESPACE } from '../deploy/objects.ts';
import { reportDefinitions } from '../support/report-definitions.ts';
import { isWebhookConfiguration } from './support/base-manifests.ts';
import { expectOk, warnings } from './support/cluster.ts';
import { affinity, all, management, node, placed, pool, refOf, term, third } from './support/objects.ts';
import { sumOf } from './support/replica.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { onKubernetes } from './support/suite.ts';

const OPENREPORTS = '/apis/openreports.io/v1alpha1';
/** A change is settled for 5 seconds first. */
const SOON = { timeout: 15_000, interval: 250 };
const CLOCK = join(import.meta.dirname, 'support/shifted-clock.mjs');
const CONNECTION = {
  kind: 'ConfigMap',
  namespace: 'iomesh-cluster-1',
  name: 'iomesh-cluster-1-csi-configmap',
};

/** An overlap of two pools is one finding, of the first. */
const POOL = { kind: 'IOMeshCluster', namespace: 'iomesh-cluster-1', name: 'iomesh-cluster-1' };

interface Place {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

onKubernetes('standing findings', (kubernetes) => {
  let folder: string;
  let deployment: RunningDeployment | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-clock-'));
    process.env['CLOCK_SHIFT'] = join(folder, 'shift');
    process.env['NODE_OPTIONS'] = `--import ${CLOCK}`;
    deployment = await RunningDeployment.start(kubernetes, {
      components: ['reports', 'events'],
      before: async (cluster) => {
        expectOk(await cluster.apply(reportDefinitions('openreports.io/v1alpha1')));
        await cluster.untilServed('reports.openreports.io', 'clusterreports.openreports.io');
      },
    });
    const { cluster } = deployment;
    expectOk(await cluster.apply(Array.from({ length: 9 }, (_, each) => node(`k8s-worker-${each}`))));
    expectOk(await cluster.apply(all(management(), labelled(pool(), 'one'), labelled(third(), 'two'))));
    for (const [pools, numbers] of [
      ['one', [3, 4, 5]],
      ['two', [6, 7, 8]],
    ] as const)
      for (const number of numbers)
        expectOk(await cluster.kubectl(['label', 'node', `k8s-worker-${number}`, `${pools}=yes`]));
    await vi.waitFor(async () => expect(await counts('IOM101')).toEqual([0, 0]), SOON);
  }, 300_000);
  afterAll(async () => {
    delete process.env['NODE_OPTIONS'];
    delete process.env['CLOCK_SHIFT'];
    await deployment?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A pool whose nodes have a label. */
  function labelled(set: ReturnType<typeof pool>, label: string) {
    return placed(set, { affinity: affinity(term(label, 'In', 'yes')) });
  }

  const metrics = () => Promise.all(deployment!.replicas.map((each) => each.metrics()));

  /** The findings of a rule in the metrics of each replica; -1 before the first evaluation. */
  async function counts(rule: string): Promise<number[]> {
    return (await metrics()).map((text) =>
      sumOf(text, 'iomesh_guard_standing_passes_total', { result: 'done' }) > 0
        ? sumOf(text, 'iomesh_guard_standing_findings', { rule })
        : -1,
    );
  }

  async function items(path: string): Promise<Manifest[]> {
    const { status, body } = await deployment!.plane.api.call('GET', path);
    expect(status).toBe(200);
    return (body as { items: Manifest[] }).items;
  }

  const reports = async () => [
    ...(await items(`${OPENREPORTS}/reports`)),
    ...(await items(`${OPENREPORTS}/clusterreports`)),
  ];

  /** The rules in the report of an object. */
  async function reported({ kind, namespace, name }: Place): Promise<string[]> {
    const found = (await reports()).filter(
      ({ scope }) => scope.kind === kind && scope.name === name && scope.namespace === namespace,
    );
    expect(found.length).toBeLessThan(2);
    return found.flatMap(({ results }) => results.map(({ rule }: Manifest) => rule as string));
  }

  async function events(reason: string, rule: string): Promise<Manifest[]> {
    const found = await items('/apis/events.k8s.io/v1/events');
    return found.filter((each) => each['reason'] === reason && String(each['note']).includes(`${rule} `));
  }

  const logged = (message: string, rule: string) =>
    deployment!.replicas.map(
      ({ lines }) => lines.filter((line) => line['msg'] === message && line['rule'] === rule).length,
    );

  /** In metric, log, report and, for an error, Event. */
  async function expectAppeared(rule: string, place: Place, isError = true): Promise<void> {
    await expect.poll(() => counts(rule), SOON).toEqual([1, 1]);
    await expect.poll(() => reported(place), SOON).toContain(rule);
    expect(logged('standing finding appeared', rule).every((number) => number > 0)).toBe(true);
    if (isError) await expect.poll(() => events('FindingAppeared', rule), SOON).toHaveLength(1);
  }

  async function expectResolved(rule: string, place: Place, isError = true): Promise<void> {
    await expect.poll(() => counts(rule), SOON).toEqual([0, 0]);
    await expect.poll(() => reported(place), SOON).not.toContain(rule);
    expect(logged('standing finding resolved', rule).every((number) => number > 0)).toBe(true);
    if (isError) await expect.poll(() => events('FindingResolved', rule), SOON).toHaveLength(1);
  }

  const writers = async () =>
    (await metrics()).reduce((sum, text) => sum + sumOf(text, 'iomesh_guard_writer'), 0);

  it('has one writer', async () => {
    expect(await writers()).toBe(1);
    const lease = await deployment!.cluster.expectStored('lease', 'iomesh-guard-writer', NAMESPACE);
    expect(lease['spec']).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 });
  });

  it('show a node that is relabelled into two pools', async () => {
    const { cluster } = deployment!;
    expectOk(await cluster.kubectl(['label', 'node', 'k8s-worker-3', 'two=yes']));
    await expectAppeared('IOM101', POOL);
    expectOk(await cluster.kubectl(['label', 'node', 'k8s-worker-3', 'two-']));
    await expectResolved('IOM101', POOL);
  }, 120_000);

  it('show an object that was stored while the webhook was away', async () => {
    const { cluster, objects } = deployment!;
    const configurations = objects.filter(isWebhookConfiguration);
    for (const each of configurations) expectOk(await cluster.delete(...refOf(each)));
    const { connection } = pool();
    connection['data'].iscsiPortal = '127.0.0.1:9999';
    // The apiserver forgets a webhook a moment after its configuration.
    await expect.poll(async () => (await cluster.apply(connection)).code, SOON).toBe(0);
    expectOk(await cluster.apply(configurations));
    await expectAppeared('IOM202', CONNECTION);
    expectOk(await cluster.apply(pool().connection));
    await expectResolved('IOM202', CONNECTION);
  }, 120_000);

  it('show an arrival that is admitted with a warning, without an Event', async () => {
    const { cluster } = deployment!;
    const { storageClass } = pool();
    storageClass['metadata'].name = 'retained';
    storageClass['parameters'].unknownParameter = 'x';
    const created = await cluster.apply(storageClass);
    expectOk(created);
    const rule = /IOM\d{3}/.exec(warnings(created).join())?.[0] ?? 'none';
    const place = { kind: 'StorageClass', name: 'retained' };
    await expectAppeared(rule, place, false);
    const written = await events('FindingAppeared', rule);
    expect(
      written.filter(({ type, regarding }) => type === 'Warning' && regarding.name === 'retained'),
    ).toEqual([]);
    expectOk(await cluster.delete('storageclass', 'retained'));
    await expectResolved(rule, place, false);
  }, 120_000);

  it('are silent about the deleted class of a bound claim', async () => {
    const { cluster, plane } = deployment!;
    const name = pool().storageClass['metadata'].name as string;
    const claim = (metadata: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: metadata, namespace: 'default' },
      spec: {
        storageClassName: name,
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        ...(metadata === 'bound' ? { volumeName: 'pvc-1' } : {}),
      },
    });
    expectOk(await cluster.apply([claim('bound'), claim('pending')]));
    const path = '/api/v1/namespaces/default/persistentvolumeclaims/bound';
    await cluster.patchStatus(path, { phase: 'Bound' });
    expectOk(await cluster.delete('storageclass', name));
    // The claim without a volume has the error.
    await expectAppeared('IOM512', { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'pending' });
    expect(await reported({ kind: 'PersistentVolumeClaim', namespace: 'default', name: 'bound' })).toEqual(
      [],
    );
    expectOk(await cluster.apply(pool().storageClass));
    await expectResolved('IOM512', { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'pending' });
    const { body } = await plane.api.call('GET', '/api/v1/namespaces/default/persistentvolumeclaims/pending');
    expect((body as Manifest)['metadata'].name).toBe('pending');
  }, 120_000);

  it('are written by another replica within 30 seconds after the writer is killed, without duplicates', async () => {
    const { cluster } = deployment!;
    expectOk(await cluster.kubectl(['label', 'node', 'k8s-worker-3', 'two=yes']));
    await expect.poll(() => reported(POOL), SOON).toContain('IOM101');
    const before = await reports();
    const each = await Promise.all(
      deployment!.replicas.map(async (replica) => ({ replica, text: await replica.metrics() })),
    );
    const { replica } = each.find(({ text }) => sumOf(text, 'iomesh_guard_writer') === 1)!;
    await deployment!.remove(replica, 'SIGKILL');
    const killed = Date.now();
    await expect.poll(writers, { timeout: 30_000, interval: 100 }).toBe(1);
    console.log(`another replica writes ${Date.now() - killed} ms after the kill`);
    await sleep(3_000);
    // Nothing changed, so nothing was written.
    const versions = (list: readonly Manifest[]) =>
      list.map(({ metadata }) => `${metadata.name} ${metadata['resourceVersion']}`).sort();
    expect(versions(await reports())).toEqual(versions(before));
    await deployment!.add();
    expectOk(await cluster.kubectl(['label', 'node', 'k8s-worker-3', 'two-']));
    await expect.poll(() => reported(POOL), SOON).not.toContain('IOM101');
    await expect.poll(writers, SOON).toBe(1);
  }, 180_000);

  it('show a waiver that expires at midnight', async () => {
    const { cluster } = deployment!;
    const { connection } = pool();
    const today = new Date().toISOString().slice(0, 10);
    connection['data'].iscsiPortal = '127.0.0.1:9998';
    connection['metadata'].annotations = { 'iomesh-guard.io/waive': `IOM202=until the move; until=${today}` };
    expectOk(await cluster.apply(connection));
    await sleep(8_000);
    expect(await counts('IOM202')).toEqual([0, 0]);
    const midnight = Date.parse(today) + 86_400_000;
    writeFileSync(join(folder, 'shift'), String(midnight - Date.now() + 60_000));
    await expect.poll(() => counts('IOM202'), SOON).toEqual([1, 1]);
    await expect.poll(() => reported(CONNECTION), SOON).toContain('IOM202');
  }, 120_000);

  it('leave no report without its object', async () => {
    const { cluster } = deployment!;
    for (const report of await reports()) {
      const { scope } = report;
      const stored = await cluster.expectStored(scope.kind, scope.name, scope.namespace);
      expect(report['metadata']['ownerReferences']).toMatchObject([{ uid: stored['metadata']['uid'] }]);
    }
  });

  it('need no more permissions than they are granted', async () => {
    const { cluster } = deployment!;
    const account = `system:serviceaccount:${NAMESPACE}:iomesh-guard`;
    const { stdout } = await cluster.kubectl(['auth', 'can-i', '--list', '--as', account, '-n', 'default']);
    const granted = stdout.split('\n').filter((line) => /openreports|wgpolicy|events/.test(line));
    expect(granted.map((line) => line.replace(/\s+/g, ' ').trim()).sort()).toEqual([
      'clusterpolicyreports.wgpolicyk8s.io [] [] [list create update delete]',
      'clusterreports.openreports.io [] [] [list create update delete]',
      'events.events.k8s.io [] [] [create patch]',
      'policyreports.wgpolicyk8s.io [] [] [list create update delete]',
      'reports.openreports.io [] [] [list create update delete]',
    ]);
  });
});
