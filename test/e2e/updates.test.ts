/** Updates of objects with existing errors, of terminating objects, and of subresources. */
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { expectDenied, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { all, type ClusterSet, management, on, placed, pool, refOf } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const PLACE = ['iomeshcluster', 'iomesh-cluster-1', '-n', 'iomesh-cluster-1'];

onKubernetes('updates', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());
  const patch = (change: object, ...flags: string[]) =>
    installed().cluster.kubectl(['patch', ...PLACE, '--type=merge', '-p', JSON.stringify(change), ...flags]);

  it('admits an unrelated change and a fix of one of two errors, and denies a new error', async () => {
    const { cluster } = installed();
    await installBefore(poolWithErrors());
    const label = await cluster.kubectl(['label', ...PLACE, 'team=storage']);
    expectWarned(label, 'IOM101', ['k8s-worker-2']);
    expectWarned(label, 'IOM301');
    expect((await cluster.expectStored(...refOf(pool().cluster))).metadata['labels']).toEqual({
      team: 'storage',
    });

    const worse = placed(poolWithErrors(), {
      affinity: on('k8s-worker-1', 'k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    }).cluster;
    const refused = await cluster.apply(worse);
    expectDenied(refused, 'IOM101', ['k8s-worker-1']);
    // An existing error is a warning, not a reason of the denial.
    expect(refused.stderr.split('denied the request')[1]).not.toContain('IOM301');

    const devicemanager = { blockDeviceNamespace: 'iomesh-system' };
    const fixed = await patch({ spec: { chunk: { devicemanager } } });
    expectWarned(fixed, 'IOM101', ['k8s-worker-2']);
    expect(warnings(fixed).filter((line) => line.includes('IOM301'))).toEqual([]);
    const stored = await cluster.expectStored(...refOf(pool().cluster));
    expect(stored['spec'].chunk.devicemanager).toMatchObject(devicemanager);
    expect(stored['spec'].meta.podPolicy.affinity).toEqual(
      on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    );
  });

  it('admits the removal of finalizers from an object with errors, but not a worse spec', async () => {
    const { cluster } = installed();
    const set = poolWithErrors();
    set.cluster['metadata'].finalizers = ['example.com/hold'];
    await installBefore(set);
    expectOk(await cluster.delete('storageclass', set.storageClass['metadata'].name));
    expectOk(await cluster.delete('iomeshcluster', 'iomesh-cluster-1', 'iomesh-cluster-1'));
    expect((await cluster.expectStored(...refOf(set.cluster))).metadata['deletionTimestamp']).toBeDefined();
    const calls = () => installed().metric('iomesh_guard_decisions_total');
    const worse = { spec: { chunk: { image: { tag: 'v5.3.0-rc13-community' } } } };
    expectDenied(await patch(worse), 'IOM401');
    const before = await calls();
    expectOk(await patch({ metadata: { finalizers: null } }));
    // A matchCondition excepts them; before Kubernetes 1.28 both webhooks are asked.
    expect(await calls()).toBe(before + (hasMatchConditions(kubernetes) ? 0 : 2));
    await cluster.expectNotStored(...refOf(set.cluster));
  });

  it('admits a status without evaluating a rule', async () => {
    const { cluster } = installed();
    await installBefore(poolWithErrors());
    const before = await installed().metric('iomesh_guard_decisions_total');
    const status = { readyReplicas: { 'zbs-chunk': 3 } };
    const { namespace, name } = pool().cluster['metadata'];
    const path = `/apis/iomesh.com/v1alpha1/namespaces/${namespace}/iomeshclusters/${name}`;
    expect((await cluster.patchStatus(path, status)).warning).toBeUndefined();
    expect((await cluster.expectStored(...refOf(pool().cluster)))['status']).toEqual(status);
    expect(await installed().metric('iomesh_guard_decisions_total')).toBe(before);
  });

  it('admits scale requests with a warning for a step of more than one', async () => {
    const { cluster } = installed();
    const hosts = [3, 4, 5, 6, 7].map((each) => `k8s-worker-${each}`);
    const set = placed(pool(), { affinity: on(...hosts) });
    expectOk(await cluster.apply(all(management(), set)));
    const zookeeper = ['zookeepercluster', 'iomesh-cluster-1-zookeeper', '-n', 'iomesh-cluster-1'];
    const scale = (replicas: number) => cluster.kubectl(['scale', ...zookeeper, `--replicas=${replicas}`]);
    expectWarned(await scale(4), 'IOM603', ['no more failures than 3']);
    expect((await cluster.expectStored(...refOf(set.zookeeper)))['spec'].replicas).toBe(4);
    const five = await scale(5);
    expectOk(five);
    expect(warnings(five)).toEqual([]);
    expect((await cluster.expectStored(...refOf(set.zookeeper)))['spec'].replicas).toBe(5);
    const shrink = { spec: { replicas: 3 } };
    expectDenied(
      await cluster.kubectl(['patch', ...zookeeper, '--type=merge', '-p', JSON.stringify(shrink)]),
      'IOM604',
      ['ZooKeeper pods cannot be removed'],
    );

    // The published definition of IOMeshCluster has no scale subresource: users change spec.chunk.replicas.
    expectWarned(await patch({ spec: { chunk: { replicas: 5 } } }), 'IOM604', ['3', '5']);
    expect((await cluster.expectStored(...refOf(set.cluster)))['spec'].chunk.replicas).toBe(5);
    expectDenied(await patch({ spec: { chunk: { replicas: 3 } } }), 'IOM604', ['one chunk', 'unregister']);
    expectWarned(await patch({ spec: { chunk: { replicas: 4 } } }), 'IOM604', ['unregister']);
    // The next one only when the status shows that the first is gone.
    const { namespace, name } = set.cluster['metadata'];
    const path = `/apis/iomesh.com/v1alpha1/namespaces/${namespace}/iomeshclusters/${name}`;
    const chunks = (count: number) => Array.from({ length: count }, (_, id) => ({ id: id + 1 }));
    const showChunks = (count: number) =>
      cluster.patchStatus(path, { summary: { chunkSummary: { chunks: chunks(count) } } });
    await showChunks(5);
    expectDenied(await patch({ spec: { chunk: { replicas: 3 } } }), 'IOM604', ['still shows 5']);
    await showChunks(4);
    expectWarned(await patch({ spec: { chunk: { replicas: 3 } } }), 'IOM604', ['unregister']);
  });

  it('does the same for an IOMeshCluster whose definition has the scale subresource', async () => {
    const { cluster, plane } = installed();
    const hosts = [3, 4, 5, 6, 7].map((each) => `k8s-worker-${each}`);
    expectOk(await cluster.apply(all(management(), placed(pool(), { affinity: on(...hosts) }))));
    const paths = { specReplicasPath: '.spec.chunk.replicas', statusReplicasPath: '.status.readyReplicas' };
    const define = (op: string) =>
      cluster.kubectl([
        ...['patch', 'crd', 'iomeshclusters.iomesh.com', '--type=json', '-p'],
        JSON.stringify([{ op, path: '/spec/versions/0/subresources/scale', value: paths }]),
      ]);
    // The discovery cache of kubectl is outdated.
    const fresh = `--cache-dir=${join(plane.dir, 'with-scale')}`;
    const scale = (replicas: number) => cluster.kubectl(['scale', ...PLACE, `--replicas=${replicas}`, fresh]);
    expectOk(await define('add'));
    try {
      await expect.poll(async () => (await scale(3)).stderr, { timeout: 30_000 }).toBe('');
      expectWarned(await scale(5), 'IOM604', ['3', '5']);
      expect((await cluster.expectStored(...refOf(pool().cluster)))['spec'].chunk.replicas).toBe(5);
      expectWarned(await scale(4), 'IOM604', ['unregister']);
      expect((await cluster.expectStored(...refOf(pool().cluster)))['spec'].chunk.replicas).toBe(4);
    } finally {
      expectOk(await define('remove'));
    }
  });

  it('denies a metaAddr that leaves the cluster of a StorageClass, and warns of other disks', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    const { metaAddr } = pool().connection['data'];
    const wrong = { data: { metaAddr: metaAddr.replace('iomesh-cluster-1', 'iomesh-clutser-1') } };
    const [, name, namespace = ''] = refOf(pool().connection);
    const connection = ['configmap', name, '-n', namespace, '--type=merge', '-p', JSON.stringify(wrong)];
    expectDenied(await cluster.kubectl(['patch', ...connection]), 'IOM204', [`back to "${metaAddr}"`]);
    expect((await cluster.expectStored(...refOf(pool().connection)))['data'].metaAddr).toBe(metaAddr);

    const { deviceMap } = pool().cluster['spec'].chunk;
    const { cacheWithJournal, dataStore } = deviceMap;
    const swapped = { cacheWithJournal: dataStore, dataStore: cacheWithJournal };
    expectWarned(await patch({ spec: { chunk: { deviceMap: swapped } } }, '--dry-run=server'), 'IOM605', [
      'spec.chunk.deviceMap.cacheWithJournal',
      'uses other disks',
    ]);
    expectWarned(await patch({ spec: { chunk: { deviceMap: null } } }), 'IOM605', ['is removed']);
  });

  /** Stores both clusters before the webhooks are registered. */
  async function installBefore(set: ClusterSet): Promise<void> {
    await installed().unregister();
    expectOk(await installed().cluster.apply(all(management(), set)));
    await installed().register();
  }
});

/** The pool with two errors: a node of the management cluster, and another blockDeviceNamespace. */
function poolWithErrors(): ClusterSet {
  const set = pool();
  const policy = { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') };
  for (const name of ['meta', 'chunk', 'redirector']) set.cluster['spec'][name].podPolicy = policy;
  set.cluster['spec'].chunk.devicemanager.blockDeviceNamespace = 'iomesh-cluster-1';
  return set;
}
