/** Deletions with and without volumes, and an object right after the one that it refers to. */
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { expectDenied, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { Guide } from './support/guide.ts';
import { useInstallation } from './support/installation.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { all, management, pool, refOf } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/two-clusters');
const COLLECTION = '/api/v1/namespaces/iomesh-cluster-1/configmaps';
const CONTROLLER = '--as=system:serviceaccount:kube-system:namespace-controller';

onKubernetes('deletions', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  const volumes = new Set<string>();
  afterEach(async () => {
    for (const each of [...volumes]) await removeVolume(each);
    await installed().clear();
  });

  /** Creates a volume of the pool. Its phase is set as the volume controller does. */
  async function putVolume(name: string, phase: string, ofCluster?: string): Promise<void> {
    const { api } = installed().plane;
    volumes.add(name);
    const made = await api.call('POST', '/api/v1/persistentvolumes', volumeOfPool(name, ofCluster));
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const path = `/api/v1/persistentvolumes/${name}/status`;
    const read = await api.call('GET', path);
    expect((await api.call('PUT', path, { ...read.body, status: { phase } })).status).toBe(200);
  }

  async function removeVolume(name: string): Promise<void> {
    const { cluster } = installed();
    volumes.delete(name);
    expectOk(await cluster.kubectl(['patch', 'pv', name, '-p', '{"metadata":{"finalizers":null}}']));
    expectOk(await cluster.kubectl(['delete', 'pv', name]));
  }

  describe('a deletion', () => {
    it.each([
      ['guide 1.0: ZookeeperCluster first, then IOMeshCluster', ['zookeeper', 'iomesh']],
      ['guide 1.2: IOMeshCluster first, then ZookeeperCluster', ['iomesh', 'zookeeper']],
    ] as const)('without volumes passes in the order of the guide (%s)', async (_order, files) => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      for (const file of files) {
        const result = await cluster.kubectl(['delete', '-f', join(EXAMPLE, 'cluster-1', `${file}.yaml`)]);
        expectOk(result);
        expect(
          warnings(result).every((line) => line.includes('IOM602')),
          result.stderr,
        ).toBe(true);
      }
      const { cluster: object, zookeeper, storageClass, connection } = pool();
      for (const each of [object, zookeeper]) await cluster.expectNotStored(...refOf(each));
      // The guides leave them behind.
      for (const each of [storageClass, connection]) await cluster.expectStored(...refOf(each));
      expectOk(await cluster.delete(...refOf(management().cluster)));
    });

    it('with volumes is denied, whatever the command, and names the volumes', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      await putVolume('pv-1', 'Bound');
      await putVolume('pv-2', 'Bound');
      await putVolume('pv-3', 'Released');
      const named = '3 volumes, 2 bound: default/db-of-pv-1, default/db-of-pv-2 and default/db-of-pv-3';
      const { cluster: object, zookeeper, connection } = pool();
      const folder = join(EXAMPLE, 'cluster-1');
      for (const [each, file] of [
        [object, 'iomesh'],
        [zookeeper, 'zookeeper'],
        [connection, 'connection'],
      ] as const) {
        const [kind, name, namespace] = refOf(each);
        for (const args of [
          ['delete', kind, name, '-n', `${namespace}`],
          ['delete', kind, name, '-n', `${namespace}`, '--dry-run=server'],
          ['delete', kind, name, '-n', `${namespace}`, '--cascade=orphan'],
          ['delete', kind, '--all', '-n', `${namespace}`],
          ['delete', '-f', join(folder, `${file}.yaml`)],
          ['replace', '--force', '-f', join(folder, `${file}.yaml`)],
        ]) {
          const refused = await cluster.kubectl(args);
          expectDenied(refused, 'IOM606', [named, 'kubectl get pv']);
          expect(refused.stderr, args.join(' ')).not.toContain('kubectl delete');
        }
        await cluster.expectStored(kind, name, namespace);
      }
      // The other cluster holds none of them.
      expectDenied(await cluster.delete(...refOf(management().cluster)), 'IOM601', [
        'plan remove iomesh-cluster-1',
      ]);

      await removeVolume('pv-1');
      await removeVolume('pv-2');
      expectDenied(await cluster.delete(...refOf(object)), 'IOM606', [
        '1 volume, none bound: default/db-of-pv-3',
      ]);
      await removeVolume('pv-3');
      for (const each of [zookeeper, object, connection]) {
        expectOk(await cluster.delete(...refOf(each)));
        await cluster.expectNotStored(...refOf(each));
      }
    });

    it('with volumes passes with an exception of the configuration, not with an annotation', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      await putVolume('pv-1', 'Bound');
      const [kind, name, namespace] = refOf(pool().zookeeper);
      const waiver = 'iomesh-guard.io/waive=IOM606=re-created at once';
      expectOk(await cluster.kubectl(['annotate', kind, name, '-n', `${namespace}`, waiver]));
      expectDenied(await cluster.delete(kind, name, namespace), 'IOM606', ['waivers.exceptions']);
      const guide = new Guide('troubleshooting.md').next('A deletion is denied', 'yaml').text;
      await installed().configure(load(guide.replace(/until: .*/, 'until: 2999-01-31')) as object);
      try {
        expectWarned(await cluster.delete(kind, name, namespace), 'IOM606', [
          'waived by the configuration until 2999-01-31: "re-created at once"',
        ]);
      } finally {
        await installed().configure({});
      }
      await cluster.expectNotStored(kind, name, namespace);
      expectOk(await cluster.apply(pool().zookeeper));
    });

    it('of the management cluster is denied while another cluster exists', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      const ask = ['delete', 'iomesh', 'iomesh', '-n', 'iomesh-system'];
      for (const flags of [['--dry-run=server'], []]) {
        const refused = await cluster.kubectl([...ask, ...flags]);
        expectDenied(refused, 'IOM601', [
          'iomesh-cluster-1/iomesh-cluster-1',
          'plan remove iomesh-cluster-1',
        ]);
        expect(refused.stderr).not.toContain('kubectl delete');
      }
      for (const each of all(pool())) expectOk(await cluster.delete(...refOf(each)));
      expectOk(await cluster.kubectl([...ask, '--dry-run=server']));
      await cluster.expectStored(...refOf(management().cluster));
      expectOk(await cluster.kubectl(ask));
      await cluster.expectNotStored(...refOf(management().cluster));
    });

    it('of a collection is denied and admitted like single deletions', async () => {
      const { cluster } = installed();
      const { api } = installed().plane;
      expectOk(await cluster.apply(all(management(), pool())));
      await putVolume('pv-1', 'Bound');
      const refused = await api.call('DELETE', COLLECTION);
      expect(refused.status).toBe(403);
      expect(refused.body.message).toContain('IOM606');
      await cluster.expectStored(...refOf(pool().connection));
      await removeVolume('pv-1');
      expect((await api.call('DELETE', COLLECTION)).status).toBe(200);
      await cluster.expectNotStored(...refOf(pool().connection));
      await cluster.expectStored(...refOf(management().connection));
    });

    it('by the namespace controller is always admitted', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      const before = await installed().metric('iomesh_guard_decisions_total', { operation: 'DELETE' });
      for (const each of all(pool()).slice(0, 3)) {
        expectOk(await cluster.delete(...(refOf(each) as [string, string, string]), CONTROLLER));
        await cluster.expectNotStored(...refOf(each));
      }
      // A matchCondition excepts the controller; before Kubernetes 1.28 the webhook is asked, and admits.
      const asked = hasMatchConditions(kubernetes) ? 0 : 3;
      expect(await installed().metric('iomesh_guard_decisions_total', { operation: 'DELETE' })).toBe(
        before + asked,
      );
    });
  });

  it('of a class: its ConfigMap still cannot leave a cluster with volumes', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    await putVolume('pv-1', 'Bound', 'iomesh-cluster-1/iomesh-cluster-1');
    const [kind, name, namespace] = refOf(pool().connection);
    const { metaAddr } = pool().connection['data'];
    expectOk(await cluster.delete(...refOf(pool().storageClass)));
    const wrong = JSON.stringify({
      data: { metaAddr: metaAddr.replaceAll('iomesh-cluster-1', 'iomesh-clutser-1') },
    });
    const patch = ['patch', kind, name, '-n', `${namespace}`, '--type=merge', '-p', wrong];
    expectDenied(await cluster.kubectl(patch), 'IOM606', ['default/db-of-pv-1', `back to "${metaAddr}"`]);
    await removeVolume('pv-1');
    expectWarned(await cluster.kubectl(patch), 'IOM204');
  });

  it('of a class: a new one of its name names the volumes that it takes along', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    await putVolume('pv-1', 'Bound');
    const { storageClass } = pool();
    expectOk(await cluster.delete(...refOf(storageClass)));
    storageClass['parameters'] = { ...management().storageClass['parameters'] };
    expectWarned(await cluster.apply(storageClass), 'IOM610', ['iomesh-system/iomesh', 'default/db-of-pv-1']);
  });

  describe('a class right after its ConfigMap is admitted', () => {
    it('in one file', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      for (let each = 0; each < 5; each++) {
        const result = await cluster.apply(pair(`quick-${each}`));
        expectOk(result);
        expect(warnings(result).filter((line) => !line.includes('IOM206'))).toEqual([]);
        for (const object of pair(`quick-${each}`)) await cluster.expectStored(...refOf(object));
      }
    });

    it('without a pause', async () => {
      const { cluster } = installed();
      const { api } = installed().plane;
      expectOk(await cluster.apply(all(management(), pool())));
      for (let each = 0; each < 50; each++) {
        const [connection, storageClass] = pair(`fast-${each}`);
        expect((await api.call('POST', COLLECTION, connection)).status).toBe(201);
        const made = await api.call('POST', '/apis/storage.k8s.io/v1/storageclasses', storageClass);
        expect(made.status).toBe(201);
        expect(made.warning ?? '').not.toContain('IOM');
      }
      // Before its ConfigMap the class gets a warning.
      const [, early] = pair('early');
      const created = await api.call('POST', '/apis/storage.k8s.io/v1/storageclasses', early);
      expect(created.status).toBe(201);
      expect(created.warning).toContain('IOM503');
    });
  });
});

function volumeOfPool(name: string, ofCluster?: string): Manifest {
  const attributes = ofCluster === undefined ? {} : { volumeAttributes: { iomeshCluster: ofCluster } };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '2Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'iomesh-cluster-1',
      claimRef: { namespace: 'default', name: `db-of-${name}` },
      csi: { driver: 'com.iomesh.csi-driver', volumeHandle: name, ...attributes },
    },
  };
}

/** Another connection of the pool, and a class that refers to it. */
function pair(name: string): [connection: Manifest, storageClass: Manifest] {
  const { connection, storageClass } = pool();
  connection['metadata'].name = name;
  storageClass['metadata'].name = name;
  storageClass['parameters'].clusterConnection = `iomesh-cluster-1/${name}`;
  return [connection, storageClass];
}
