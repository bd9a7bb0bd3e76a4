/** The webhook is stopped, is not called, or cannot read the cluster. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { expectDenied, expectOk } from './support/cluster.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { onKubernetes } from './support/suite.ts';
import { isWebhookConfiguration } from './support/base-manifests.ts';
import { useInstallation } from './support/installation.ts';
import { all, management, on, placed, pool, refOf } from './support/objects.ts';

const INSTALL = join(import.meta.dirname, '../../docs/install.md');
const WAIT = { timeout: 60_000, interval: 200 };

onKubernetes('outage', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  it('rejects only IOMesh objects while the webhook is killed, until the emergency command', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    await installed().webhook.stop('SIGKILL');

    // Without matchConditions a ConfigMap beside a cluster, and every StorageClass, is sent to the webhook.
    const others = [...unrelated(), unrelatedMap('iomesh-system')];
    const { webhooks } = await cluster.expectStored('validatingwebhookconfiguration', 'iomesh-guard');
    const began = Date.now();
    expectOk(await cluster.apply(others));
    expect(Date.now() - began).toBeLessThan(webhooks[0].timeoutSeconds * 1000);
    for (const each of others) await cluster.expectStored(...refOf(each));
    expectOk(
      await cluster.apply(
        others.map((each) => ({ ...each, metadata: { ...each['metadata'], labels: { a: 'b' } } })),
      ),
    );
    for (const each of others) expectOk(await cluster.delete(...refOf(each)));

    // Scale requests have failurePolicy Ignore.
    const zookeeper = ['zookeepercluster', 'iomesh-zookeeper', '-n', 'iomesh-system'];
    expectOk(await cluster.kubectl(['scale', ...zookeeper, '--replicas=5']));
    const { zookeeper: pods, cluster: iomesh, connection: map, storageClass } = pool();
    // Without matchConditions, ConfigMaps and StorageClasses have failurePolicy Ignore: those of others must pass.
    const shared = hasMatchConditions(kubernetes) ? [map, storageClass] : [];
    for (const each of [pods, iomesh, ...shared]) {
      const refused = await cluster.apply(each);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/failed calling webhook "validate(-\w+)?\.iomesh-guard\.io"/);
      await cluster.expectNotStored(...refOf(each));
    }

    // The garbage collector deletes, keeps and unblocks dependents; no other user may.
    const collector = '--as=system:serviceaccount:kube-system:generic-garbage-collector';
    const dependent = refOf(management().zookeeper);
    const patched = (patch: object, ...flags: string[]) =>
      cluster.kubectl([
        'patch',
        ...inNamespace(dependent),
        '--type=merge',
        '-p',
        JSON.stringify(patch),
        ...flags,
      ]);
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'none', uid: 'none' };
    const owned = { metadata: { ownerReferences: [owner] } };
    expect((await patched(owned)).stderr).toContain('failed calling webhook');
    expect((await patched({ spec: { replicas: 7 } }, collector)).stderr).toContain('failed calling webhook');
    // Before 1.28 there are no matchConditions: the garbage collector repeats its requests until a replica answers.
    if (hasMatchConditions(kubernetes)) {
      expectOk(await patched(owned, collector));
      expectOk(await patched({ metadata: { ownerReferences: null } }, collector));
    } else expect((await patched(owned, collector)).stderr).toContain('failed calling webhook');

    // Without the validating webhook only the mutating one is called, whose failures are ignored.
    expectOk(await cluster.delete('validatingwebhookconfiguration', 'iomesh-guard'));
    const { connection } = pool();
    connection['data'] = { clusterId: 'k8s-cluster' };
    await expect.poll(async () => (await cluster.apply(connection)).code, WAIT).toBe(0);
    expect((await cluster.expectStored(...refOf(connection)))['data']).toEqual({ clusterId: 'k8s-cluster' });

    expectOk(await cluster.apply(installed().objects.filter(isWebhookConfiguration)));
    await expect.poll(async () => (await cluster.dryRun(pool().cluster)).code, WAIT).toBe(1);
    const [, step] = /## Emergency[^#]*?```\n(kubectl [^\n]+)\n```/.exec(readFileSync(INSTALL, 'utf8')) ?? [];
    expectOk(await cluster.kubectl((step ?? '').split(' ').slice(1)));
    await expect.poll(async () => (await cluster.apply(all(pool()))).code, WAIT).toBe(0);
    for (const each of all(pool())) await cluster.expectStored(...refOf(each));
    await installed().serve();
    await installed().register();
  });

  it('is not called for a thousand other ConfigMaps', async () => {
    const { api } = installed().plane;
    const calls = async () =>
      (await installed().metric('iomesh_guard_decisions_total')) +
      (await installed().metric('iomesh_guard_failures_total'));
    const before = await calls();
    // Without matchConditions, ConfigMaps are sent from the namespaces of IOMesh clusters.
    const path = `/api/v1/namespaces/${hasMatchConditions(kubernetes) ? 'iomesh-cluster-1' : 'default'}/configmaps`;
    const iomesh = '/api/v1/namespaces/iomesh-system/configmaps';
    const numbers = Array.from({ length: 1000 }, (_, at) => at);
    const made = await Promise.all(
      numbers.map((each) =>
        api.call('POST', path, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `other-${each}` },
          data: { a: 'b' },
        }),
      ),
    );
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]));
    const changed = await api.call(
      'PATCH',
      `${path}/other-7`,
      { data: { a: 'c' } },
      'application/merge-patch+json',
    );
    expect(changed.status).toBe(200);
    expect((await api.call('DELETE', path)).status).toBe(200);
    expect(await calls()).toBe(before);
    expect(
      (
        await api.call(
          'PATCH',
          `${iomesh}/none`,
          { data: { clusterId: 'a', metaAddr: 'a' } },
          'application/merge-patch+json',
        )
      ).status,
    ).toBe(404);
    const ours = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ours-of-iomesh' },
      data: { clusterId: 'a', metaAddr: 'a' },
    };
    await api.call('POST', iomesh, ours);
    expect(await calls()).toBe(before + 2);
  });

  it('answers "cannot verify" while it may not read the cluster, and recovers without a restart', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const { pid } = installed().webhook;
    const overlapping = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    }).cluster;
    const binding = (await cluster.get('ClusterRoleBinding', 'iomesh-guard-world'))!;
    expectOk(await cluster.delete('ClusterRoleBinding', 'iomesh-guard-world'));
    // Neither a correct nor a wrong object is evaluated.
    for (const object of [pool().cluster, overlapping]) {
      await expect.poll(async () => (await cluster.dryRun(object)).stderr, WAIT).toContain('cannot verify');
      const refused = await cluster.apply(object);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('cannot verify');
      expect(refused.stderr).not.toMatch(/IOM\d{3}/);
      await cluster.expectNotStored(...refOf(object));
    }
    expectOk(
      await cluster.kubectl(['scale', 'zk', 'iomesh-zookeeper', '-n', 'iomesh-system', '--replicas=5']),
    );
    const before = await installed().metric('iomesh_guard_failures_total', { reason: 'unreadable' });
    expect(before).toBeGreaterThan(0);

    expectOk(
      await cluster.apply(
        installed().objects.filter((each) => each['metadata'].name === binding.metadata.name),
      ),
    );
    await expect.poll(async () => (await cluster.dryRun(pool().cluster)).code, WAIT).toBe(0);
    expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
    expectOk(await cluster.apply(all(pool())));
    expect(installed().webhook.pid).toBe(pid);
    process.kill(pid, 0);
  });
});

function inNamespace([kind, name, namespace = '']: readonly [string, string, string?]): string[] {
  return [kind, name, '-n', namespace];
}

function unrelatedMap(namespace: string): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace }, data: { a: 'b' } };
}

/** Objects of kinds that every cluster needs. */
function unrelated(): Manifest[] {
  const metadata = { name: 'other', namespace: 'default' };
  return [
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'a', image: 'a' }] } },
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: { holderIdentity: 'a' } },
    unrelatedMap('default'),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'other' },
      provisioner: 'example.com/disk',
    },
  ];
}
