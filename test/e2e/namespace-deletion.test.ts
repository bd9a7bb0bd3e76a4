/** Other ways to delete a cluster: its Namespace, its definition, an owner, a scale request. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { volume } from '../cases/objects.ts';
import { expectDenied, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { all, management, NAMESPACES, pool, refOf, third } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const DRY_RUN = '--dry-run=server';
const COUNTED = { webhook: 'validating', operation: 'DELETE' };
const WAIT = { timeout: 30_000, interval: 200 };
const VOLUME = volume('pvc-1', { class: 'iomesh-cluster-1', claim: 'default/db-0' });

onKubernetes('deletions of namespaces and definitions', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(async () => {
    const { cluster } = installed();
    await cluster.kubectl(['patch', 'pv', 'pvc-1', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    expectOk(await cluster.kubectl(['delete', 'pv', 'pvc-1', '--ignore-not-found']));
    await installed().clear();
  });

  /** Waits until the apiserver asks about the deletion of a Namespace: the replicas write its name. */
  async function untilAsked(name: string): Promise<void> {
    await vi.waitFor(async () => {
      const count = () =>
        installed().metric('iomesh_guard_decisions_total', { ...COUNTED, kind: 'Namespace' });
      const before = await count();
      await installed().cluster.delete('namespace', name, undefined, DRY_RUN);
      expect(await count()).toBe(before + 1);
    }, WAIT);
  }

  async function withVolume(): Promise<void> {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    expectOk(await cluster.apply(VOLUME));
    await cluster.patchStatus('/api/v1/persistentvolumes/pvc-1', { phase: 'Bound' });
    await untilAsked('iomesh-cluster-1');
  }

  describe('a Namespace', () => {
    it('with volumes is not deleted, alone or first in a folder', async () => {
      const { cluster } = installed();
      await withVolume();
      expectDenied(await cluster.delete('namespace', 'iomesh-cluster-1'), 'IOM607', [
        'also deletes IOMeshCluster iomesh-cluster-1/iomesh-cluster-1',
        '1 volume, 1 bound: default/db-0',
        'kubectl get pv',
      ]);
      const folder = [NAMESPACES[1]!, ...all(pool())].map((each) => JSON.stringify(each)).join('\n---\n');
      const refused = await cluster.kubectl(['delete', '--wait=false', '-f', '-'], `---\n${folder}\n`);
      expectDenied(refused, 'IOM607');
      const { metadata } = await cluster.expectStored('namespace', 'iomesh-cluster-1');
      expect(metadata['deletionTimestamp']).toBeUndefined();
      await cluster.expectStored(...refOf(pool().cluster));
    });

    it('with volumes is deleted with an exception of the configuration, not with an annotation', async () => {
      const { cluster } = installed();
      await withVolume();
      const annotate = ['annotate', 'namespace', 'iomesh-cluster-1'];
      expectOk(await cluster.kubectl([...annotate, 'iomesh-guard.io/waive=IOM607=test data']));
      const remove = () => cluster.delete('namespace', 'iomesh-cluster-1', undefined, DRY_RUN);
      expectDenied(await remove(), 'IOM607', ['waivers.exceptions']);
      expectOk(await cluster.kubectl([...annotate, 'iomesh-guard.io/waive-']));
      const exception = { rule: 'IOM607', objects: ['Namespace/iomesh-cluster-1'], reason: 'test data' };
      await installed().configure({ waivers: { exceptions: [exception] } });
      try {
        expectWarned(await remove(), 'IOM607', ['waived by the configuration: "test data"']);
      } finally {
        await installed().configure({});
      }
    });

    it('of the management cluster is not deleted while a pool exists', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      await untilAsked('iomesh-system');
      expectDenied(await cluster.delete('namespace', 'iomesh-system'), 'IOM607', [
        'iomesh-system/iomesh is the management cluster',
        'iomesh-cluster-1/iomesh-cluster-1',
      ]);
    });

    it('without a cluster is deleted without asking, and any while no replica answers', async () => {
      const { cluster } = installed();
      await withVolume();
      const count = () =>
        installed().metric('iomesh_guard_decisions_total', { ...COUNTED, kind: 'Namespace' });
      const before = await count();
      expectOk(await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'others' } }));
      expectOk(await cluster.delete('namespace', 'others', undefined, DRY_RUN));
      expect(await count()).toBe(before);
      await installed().webhook.stop('SIGKILL');
      const began = Date.now();
      expectOk(await cluster.delete('namespace', 'iomesh-cluster-1', undefined, DRY_RUN));
      expect(Date.now() - began).toBeLessThan(10_000);
      await installed().serve();
    });
  });

  describe('a CustomResourceDefinition', () => {
    const DEFINITIONS = ['iomeshclusters.iomesh.com', 'zookeeperclusters.zookeeper.pravega.io'];

    it.each(DEFINITIONS)('%s is not deleted while an object of its kind exists', async (name) => {
      const { cluster } = installed();
      expectOk(await cluster.delete('crd', name, undefined, DRY_RUN));
      expectOk(await cluster.apply(all(management())));
      expectDenied(await cluster.delete('crd', name), 'IOM607', ['iomesh-system/iomesh']);
      await cluster.expectStored('crd', name);
    });

    it('of others is deleted without a rule', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management())));
      const names = { plural: 'gadgets', singular: 'gadget', kind: 'Gadget' };
      const schema = { openAPIV3Schema: { type: 'object' } };
      expectOk(
        await cluster.apply({
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: 'gadgets.example.com' },
          spec: {
            group: 'example.com',
            names,
            scope: 'Namespaced',
            versions: [{ name: 'v1', served: true, storage: true, schema }],
          },
        }),
      );
      const asked = { ...COUNTED, kind: 'CustomResourceDefinition', outcome: 'passed' };
      const before = await installed().metric('iomesh_guard_decisions_total', asked);
      expectOk(await cluster.delete('crd', 'gadgets.example.com'));
      expect(await installed().metric('iomesh_guard_decisions_total', asked)).toBe(
        before + (hasMatchConditions(kubernetes) ? 0 : 1),
      );
    });
  });

  it('an owner is added to a cluster only with a warning, and not by a user who may not delete it', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    await cluster.createServiceAccount('people/editor', [
      { apiGroups: ['iomesh.com'], resources: ['iomeshclusters'], verbs: ['get', 'patch'] },
    ]);
    const editor = await cluster.as('people/editor');
    const add = (by: typeof cluster, owner: object) => {
      const metadata = { ownerReferences: [{ apiVersion: 'v1', ...owner }] };
      const patch = ['-p', JSON.stringify({ metadata }), '--type=merge'];
      return by.kubectl(['patch', 'iomeshcluster', 'iomesh', '-n', 'iomesh-system', ...patch, DRY_RUN]);
    };
    const none = { name: 'none', uid: '22222222-2222-2222-2222-222222222222' };
    for (const by of [cluster, editor])
      expectDenied(await add(by, { kind: 'ConfigMap', ...none }), 'IOM608', ['does not exist']);
    expectDenied(await add(editor, { kind: 'Pod', ...none }), 'IOM608', ['no permission to delete it']);
    expectWarned(await add(cluster, { kind: 'Pod', ...none }), 'IOM608', ['Pod "none"']);
    const { name, uid } = (await cluster.expectStored(...refOf(management().connection))).metadata;
    expectDenied(await add(editor, { kind: 'ConfigMap', name, uid }), 'IOM608', ['no permission']);
    expectWarned(await add(cluster, { kind: 'ConfigMap', name, uid }), 'IOM608', [`ConfigMap "${name}"`]);
    await cluster.createServiceAccount('people/owner', [
      { apiGroups: ['iomesh.com'], resources: ['iomeshclusters'], verbs: ['get', 'patch', 'delete'] },
    ]);
    expectWarned(await add(await cluster.as('people/owner'), { kind: 'Pod', ...none }), 'IOM608');
  });

  it('a scale request for too few ZooKeeper pods is warned of', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    const zookeeper = ['zookeepercluster', 'iomesh-cluster-1-zookeeper', '-n', 'iomesh-cluster-1'];
    const scale = (to: number) => cluster.kubectl(['scale', ...zookeeper, `--replicas=${to}`]);
    expectWarned(await scale(2), 'IOM603', ['has 2 replicas']);
    // A definition may allow 0; a Scale then has no spec.replicas.
    const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/replicas/minimum';
    const patch = JSON.stringify([{ op: 'remove', path }]);
    const definition = 'zookeeperclusters.zookeeper.pravega.io';
    expectOk(await cluster.kubectl(['patch', 'crd', definition, '--type=json', '-p', patch]));
    await vi.waitFor(async () => expectWarned(await scale(0), 'IOM603', ['has 0 replicas']), WAIT);
    expectWarned(await scale(1), 'IOM603', ['has 1 replica']);
    await cluster.installCrds();
  });

  it('what is in a Namespace that is being deleted can be deleted by hand', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), third())));
    await untilAsked('iomesh-cluster-2');
    expectWarned(await cluster.delete('namespace', 'iomesh-cluster-2'), 'IOM607', ['iomesh-cluster-2']);
    const terminating = await cluster.expectStored('namespace', 'iomesh-cluster-2');
    expect(terminating.metadata['deletionTimestamp']).toBeDefined();
    for (const each of [third().zookeeper, third().connection, third().cluster]) {
      const result = await cluster.delete(...(refOf(each) as [string, string, string]));
      expectOk(result);
      expect(warnings(result)).toEqual([]);
    }
  });
});
