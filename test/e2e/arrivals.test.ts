/** What arrives: beside an object that is being deleted, or making another object wrong. */
import { afterEach, beforeAll, it } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { expectDenied, expectOk, expectWarned } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { all, management, on, placed, pool, refOf } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const TENANT = 'aaa/tenant';
/** Sorts before the ConfigMap of the management cluster. */
const STRANGER: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'mine', namespace: 'aaa' },
  data: {
    clusterId: 'evil',
    iscsiPortal: '127.0.0.1:3260',
    metaAddr: 'iomesh-meta-client.iomesh-system.svc.cluster.local:10100',
  },
};

onKubernetes('an object that arrives', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  beforeAll(async () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'get', 'delete'] }];
    await installed().cluster.createServiceAccount(TENANT, rules);
  });
  afterEach(async () => {
    const { cluster } = installed();
    await cluster.kubectl(['delete', 'configmap', 'mine', '-n', 'aaa', '--ignore-not-found']);
    await installed().clear();
  });

  async function create(object: Manifest, user = installed().cluster) {
    return user.kubectl(['create', '-f', '-'], JSON.stringify(object));
  }

  /** An object that a finalizer keeps. */
  function kept(object: Manifest): Manifest {
    return { ...object, metadata: { ...object['metadata'], finalizers: ['example.com/keep'] } };
  }

  async function release(object: Manifest): Promise<void> {
    const [kind, name, namespace] = refOf(object);
    const patch = ['-p', '{"metadata":{"finalizers":null}}', '--type=merge'];
    const where = namespace === undefined ? [] : ['-n', namespace];
    expectOk(await installed().cluster.kubectl(['patch', kind, name, ...where, ...patch]));
  }

  // Before 1.28 ConfigMaps are sent only from namespaces with a cluster.
  if (hasMatchConditions(kubernetes)) {
    it('is denied if it is a ConfigMap that would decide the clusterId of all', async () => {
      const { cluster } = installed();
      const tenant = await cluster.as(TENANT);
      const { connection, storageClass, ...rest } = management();
      const elsewhere = { ...connection, metadata: { name: 'iomesh-csi', namespace: 'iomesh-cluster-2' } };
      const named = structuredClone(storageClass);
      named['parameters'].clusterConnection = 'iomesh-cluster-2/iomesh-csi';
      expectOk(await cluster.apply([rest.zookeeper, rest.cluster, elsewhere, named]));
      expectDenied(await create(STRANGER, tenant), 'IOM201', [
        'iomesh-cluster-2/iomesh-csi has "k8s-cluster"',
      ]);
      expectOk(await cluster.apply(all(pool())));
    });

    it('finds no stranger whose ConfigMap decides or fills the clusterId', async () => {
      const { cluster } = installed();
      const { zookeeper, cluster: object } = management();
      expectOk(await cluster.apply([zookeeper, object]));
      expectOk(await create(STRANGER, await cluster.as(TENANT)));
      const { connection } = pool();
      expectWarned(await create(connection), 'IOM201');
      const { clusterId: _, ...data } = connection['data'];
      const unfilled = {
        ...connection,
        metadata: { ...connection['metadata'], name: 'iomesh-second' },
        data,
      };
      expectDenied(await create(unfilled), 'IOM205', ['clusterId']);
    });

    it('is checked if it is a ConfigMap with misspelled keys', async () => {
      const { cluster } = installed();
      const { connection, ...rest } = pool();
      expectOk(await cluster.apply(all(management())));
      expectWarned(await cluster.apply([rest.zookeeper, rest.cluster, rest.storageClass]), 'IOM503');
      const data = { clusterID: 'k8s-cluster', iscsiportal: '127.0.0.1:3260' };
      expectDenied(await create({ ...connection, data }), 'IOM205', ['"clusterID" instead of clusterId']);
    });
  }

  it('is denied if it is a pool beside a management cluster that is being deleted', async () => {
    const { cluster } = installed();
    const { cluster: object } = management();
    expectOk(await cluster.apply(all(management())));
    expectOk(await cluster.apply(kept(object)));
    expectOk(await cluster.delete(...refOf(object)));
    const { zookeeper, cluster: arriving, storageClass } = pool();
    expectOk(await cluster.apply(zookeeper));
    expectDenied(await create(arriving), 'IOM705', [
      'is being deleted, but iomesh-cluster-1/iomesh-cluster-1',
    ]);
    const named = structuredClone(storageClass);
    named['parameters'].iomeshCluster = 'iomesh-system/iomesh';
    named['parameters'].clusterConnection = 'iomesh-system/iomesh-csi-configmap';
    expectWarned(await create(named), 'IOM504', ['is being deleted']);
    await release(object);
    expectOk(await cluster.apply(object));
    expectOk(await create(arriving));
  });

  it('is warned of a ZookeeperCluster, or a ConfigMap, that is being deleted', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const { zookeeper, cluster: object, connection, storageClass } = pool();
    for (const each of [zookeeper, connection]) {
      expectOk(await cluster.apply(kept(each)));
      expectOk(await cluster.delete(...refOf(each)));
    }
    expectWarned(await create(object), 'IOM701', ['is being deleted']);
    expectWarned(await create(storageClass), 'IOM503', ['is being deleted']);
    for (const each of [zookeeper, connection]) await release(each);
  });

  it('is denied if it is a cluster that makes a ZookeeperCluster or a StorageClass wrong', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const { zookeeper, connection, storageClass } = placed(pool(), {
      affinity: on('k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2'),
    });
    // It looks like that of another application.
    const foreign = structuredClone(zookeeper);
    foreign['spec'].image = { repository: 'mirror.example.com/zookeeper', tag: '3.5.9' };
    foreign['metadata'].namespace = 'storage';
    foreign['metadata'].name = 'fast-zookeeper';
    expectOk(await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'storage' } }));
    expectOk(await cluster.apply(foreign));
    const claiming = structuredClone(pool().cluster);
    claiming['metadata'].namespace = 'storage';
    claiming['metadata'].name = 'fast';
    expectDenied(await create(claiming), 'IOM101', ['storage/fast']);
    expectOk(await cluster.delete(...refOf(foreign)));

    expectOk(await cluster.apply(connection));
    const contradictory = structuredClone(storageClass);
    contradictory['parameters'].iomeshCluster = 'iomesh-system/iomesh';
    expectOk(await cluster.apply(contradictory));
    expectDenied(await create(pool().cluster), 'IOM505', ['StorageClass iomesh-cluster-1']);
  });

  it('names the pools that differ if it is a management cluster without tags', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(pool())));
    const { cluster: object } = management();
    const text = JSON.stringify(object, (key, value: unknown) => (key === 'tag' ? undefined : value));
    const result = await cluster.kubectl(['create', ...cluster.forIncomplete, '-f', '-'], text);
    expectWarned(result, 'IOM403', ['iomesh-cluster-1/iomesh-cluster-1']);
  });
});
