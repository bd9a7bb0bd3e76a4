/** `audit` after an outage of the webhook, and the metrics of the webhook. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Run, run } from '../support/run-cli.ts';
import { expectDenied, expectOk, expectWarned } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { useInstallation } from './support/installation.ts';
import { all, management, on, placed, pool, refOf } from './support/objects.ts';

const KINDS =
  'iomeshclusters,zookeeperclusters,configmaps,storageclasses,namespaces,nodes,persistentvolumeclaims,persistentvolumes';

onKubernetes('audit', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  it('has the same findings as lint for objects that were created without the webhook', async () => {
    const { cluster, plane } = installed();
    await installed().unregister();
    const set = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') });
    set.connection['data'].clusterId = 'its-own';
    set.storageClass['parameters'].iomeshCluster = 'iomesh-cluster-1/gone';
    expectOk(await cluster.apply(all(management(), set)));
    await installed().register();

    const found = run(['audit', '--kubeconfig', cluster.kubeconfig, '--format', 'json']);
    expect(found.code).toBe(1);
    const exported = await cluster.kubectl(['get', KINDS, '--all-namespaces', '-o', 'yaml']);
    expectOk(exported);
    const file = join(plane.dir, 'exported.yaml');
    writeFileSync(file, exported.stdout);
    const lint = run(['lint', '--format', 'json', file]);
    const codes = new Set(findings(found).map(({ code }) => code));
    for (const code of ['IOM101', 'IOM201', 'IOM504']) expect(codes).toContain(code);
    expect(comparable(found)).toEqual(comparable(lint));

    // After each object is fixed, with the webhook, there are no findings.
    expectOk(await cluster.delete('storageclass', set.storageClass['metadata'].name));
    expectOk(await cluster.apply(all(pool())));
    const clean = run(['audit', '--kubeconfig', cluster.kubeconfig, '--format', 'json']);
    expect(findings(clean)).toEqual([]);
    expect(clean.code).toBe(0);
  });

  it('has no finding about a bound PVC whose StorageClass was renamed', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    const { storageClass } = pool();
    const old = storageClass['metadata'].name;
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'db-0', namespace: 'default' },
      spec: {
        storageClassName: old,
        volumeName: 'pvc-1',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '2Gi' } },
      },
    };
    expectOk(await cluster.apply(claim));
    storageClass['metadata'].name = 'gold';
    expectOk(await cluster.apply(storageClass));
    expectOk(await cluster.delete('storageclass', old));
    try {
      const { code, stdout } = run(['audit', '--kubeconfig', cluster.kubeconfig, '--format', 'json']);
      expect(JSON.parse(stdout)).toMatchObject({ findings: [] });
      expect(code).toBe(0);
    } finally {
      // No controller removes its finalizer.
      const release = ['patch', 'pvc', 'db-0', '-p', '{"metadata":{"finalizers":null}}'];
      expectOk(await cluster.kubectl(release));
      expectOk(await cluster.delete('pvc', 'db-0', 'default'));
      expectOk(await cluster.delete('storageclass', 'gold'));
    }
  });

  it('counts every review once in the metrics', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    await installed().webhook.stop();
    await installed().serve();
    const kind = 'IOMeshCluster';
    const overlapping = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    }).cluster;
    for (let each = 0; each < 3; each++) expectDenied(await cluster.apply(overlapping), 'IOM101');
    expectDenied(await cluster.delete(...refOf(management().cluster)), 'IOM601');
    const risky = pool().cluster;
    risky['spec'].storageClass = 'other';
    expectWarned(await cluster.apply(risky), 'IOM605');
    expectOk(
      await cluster.kubectl(['label', 'iomeshcluster', 'iomesh-cluster-1', '-n', 'iomesh-cluster-1', 'a=b']),
    );
    const { storageClass } = pool();
    storageClass['metadata'].name = 'second';
    delete storageClass['parameters'].replicaFactor;
    expectOk(await cluster.apply(storageClass));

    const decisions = (labels: Record<string, string>) =>
      installed().metric('iomesh_guard_decisions_total', labels);
    const validated = { webhook: 'validating', kind };
    expect(await decisions({ ...validated, operation: 'UPDATE', outcome: 'denied' })).toBe(3);
    expect(await decisions({ ...validated, operation: 'DELETE', outcome: 'denied' })).toBe(1);
    expect(await decisions({ ...validated, operation: 'UPDATE', outcome: 'warned' })).toBe(1);
    expect(await decisions({ ...validated, operation: 'UPDATE', outcome: 'allowed' })).toBe(1);
    expect(await decisions(validated)).toBe(6);
    expect(await decisions({ webhook: 'mutating', kind, outcome: 'allowed' })).toBe(5);
    expect(await decisions({ kind: 'StorageClass', webhook: 'mutating', outcome: 'patched' })).toBe(1);
    expect(await decisions({ kind: 'StorageClass', webhook: 'validating', outcome: 'allowed' })).toBe(1);
    expect(await decisions({})).toBe(13);
    const found = (labels: Record<string, string>) =>
      installed().metric('iomesh_guard_findings_total', labels);
    expect(await found({ rule: 'IOM101', operation: 'UPDATE', outcome: 'denied' })).toBe(3);
    expect(await found({ rule: 'IOM601', operation: 'DELETE', outcome: 'denied' })).toBe(1);
    expect(await found({ rule: 'IOM605', operation: 'UPDATE', outcome: 'warned' })).toBe(1);
    expect(await installed().metric('iomesh_guard_failures_total')).toBe(0);
    const timed = await installed().metric('iomesh_guard_review_duration_seconds_count');
    expect(timed).toBe(13);
  });
});

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly object?: object;
  readonly path?: unknown;
}

function findings({ stdout, stderr }: Run): readonly Finding[] {
  expect(stdout, stderr).not.toBe('');
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

/** Findings without their place in a file. */
function comparable(result: Run): string[] {
  return findings(result)
    .map(({ code, severity, message, object, path }) =>
      JSON.stringify({ code, severity, message, object, path }),
    )
    .sort();
}
