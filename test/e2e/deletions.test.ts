/** The order of deletions, and an object right after the one that it refers to. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { expectDenied, expectOk, warnings } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { all, management, pool, refOf } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const COLLECTION = '/api/v1/namespaces/iomesh-cluster-1/configmaps';
const CONTROLLER = '--as=system:serviceaccount:kube-system:namespace-controller';

onKubernetes('deletions', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  describe('a deletion', () => {
    it('of an object in use is denied with the commands that work', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      const order = [
        'kubectl delete storageclass iomesh-cluster-1',
        'kubectl delete configmap iomesh-cluster-1-csi-configmap -n iomesh-cluster-1',
        'kubectl delete iomeshcluster iomesh-cluster-1 -n iomesh-cluster-1',
        'kubectl delete zookeepercluster iomesh-cluster-1-zookeeper -n iomesh-cluster-1',
      ];
      const { connection, cluster: object, zookeeper } = pool();
      for (const [each, first] of [
        [connection, order[0]],
        [object, order[0]],
        [zookeeper, order[2]],
      ] as const) {
        expectDenied(await cluster.delete(...refOf(each)), 'IOM602', [first!]);
        await cluster.expectStored(...refOf(each));
      }
      const leading = management().cluster;
      const refused = await cluster.delete(...refOf(leading));
      expectDenied(refused, 'IOM601', ['iomesh-cluster-1/iomesh-cluster-1', order.join(' && ')]);
      await cluster.expectStored(...refOf(leading));

      // The commands are those of the denial.
      const commands =
        /delete the other clusters first: (.+); then (kubectl delete iomeshcluster iomesh .+)/.exec(
          refused.stderr,
        );
      const steps = (commands?.[1] ?? '').split(' && ');
      expect(steps).toEqual(order);
      for (const command of steps) expectOk(await cluster.kubectl(command.split(' ').slice(1)));
      for (const each of all(pool())) await cluster.expectNotStored(...refOf(each));
      expectDenied(await cluster.delete(...refOf(leading)), 'IOM602', [
        'kubectl delete storageclass iomesh-default',
      ]);
      expectOk(await cluster.delete('storageclass', 'iomesh-default'));
      expectOk(await cluster.kubectl((commands?.[2] ?? '').split(' ').slice(1)));
      await cluster.expectNotStored(...refOf(leading));
    });

    it('of a collection is denied and admitted like single deletions', async () => {
      const { cluster } = installed();
      const { api } = installed().plane;
      expectOk(await cluster.apply(all(management(), pool())));
      const refused = await api.call('DELETE', COLLECTION);
      expect(refused.status).toBe(403);
      expect(refused.body.message).toContain('IOM602');
      await cluster.expectStored(...refOf(pool().connection));
      expectOk(await cluster.delete('storageclass', 'iomesh-cluster-1'));
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

/** Another connection of the pool, and a class that refers to it. */
function pair(name: string): [connection: Manifest, storageClass: Manifest] {
  const { connection, storageClass } = pool();
  connection['metadata'].name = name;
  storageClass['metadata'].name = name;
  storageClass['parameters'].clusterConnection = `iomesh-cluster-1/${name}`;
  return [connection, storageClass];
}
