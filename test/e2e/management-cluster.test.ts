/** Values that must be equal to those of the management cluster: clusterId, block device namespace, image tags. */
import { afterEach, describe, expect, it } from 'vitest';
import { expectDenied, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import type { Manifest } from '../deploy/objects.ts';
import { useInstallation } from './support/installation.ts';
import { all, contentOf, management, pool, poolNumber, refOf, tagged, third } from './support/objects.ts';

onKubernetes('management cluster', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  const set = all(management(), pool());
  afterEach(() => installed().clear());

  describe('admits the correct set in any order', () => {
    // Each object is the first and the last once, and comes before and after each other one.
    const rotations = set.map((_, at) => [...set.slice(at), ...set.slice(0, at)]);
    const orders = rotations.flatMap((each) => [each, [...each].reverse()]);
    it.each(orders.map((order) => [name(order[0]!), name(order[1]!), order] as const))(
      '%s, then %s',
      async (_first, _second, order) => {
        expectOk(await installed().cluster.apply(order));
        for (const object of set) {
          const stored = await installed().cluster.expectStored(...refOf(object));
          expect(contentOf(stored)).toEqual(contentOf(object));
        }
      },
    );

    it('without warnings if each object comes after those that it refers to', async () => {
      const result = await installed().cluster.apply(set);
      expectOk(result);
      expect(warnings(result)).toEqual([]);
    });
  });

  it('denies another clusterId in a pool, and warns of each pool if the management cluster changes it', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool(), third())));
    const { connection } = pool();
    connection['data'].clusterId = 'its-own';
    const ours = 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
    const theirs = 'iomesh-system/iomesh-csi-configmap';
    expectDenied(await cluster.apply(connection), 'IOM201', [ours, theirs, '"its-own"', '"k8s-cluster"']);
    expect((await cluster.expectStored(...refOf(connection)))['data'].clusterId).toBe('k8s-cluster');

    const leading = management().connection;
    leading['data'].clusterId = 'renamed';
    const result = await cluster.apply(leading);
    expectWarned(result, 'IOM201', [ours]);
    expectWarned(result, 'IOM201', ['iomesh-cluster-2/iomesh-cluster-2-csi-configmap']);
    expect((await cluster.expectStored(...refOf(leading)))['data'].clusterId).toBe('renamed');
    connection['data'].clusterId = 'renamed';
    expectOk(await cluster.apply(connection));
  });

  it('denies another blockDeviceNamespace, and fills in a missing one', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const wrong = pool().cluster;
    wrong['spec'].chunk.devicemanager.blockDeviceNamespace = 'iomesh-cluster-1';
    expectDenied(await cluster.apply(wrong), 'IOM301', ['"iomesh-cluster-1"', '"iomesh-system"']);
    await cluster.expectNotStored(...refOf(wrong));

    const missing = pool().cluster;
    delete missing['spec'].chunk.devicemanager.blockDeviceNamespace;
    await installed().unregister(['mutating']);
    expectDenied(await cluster.apply(missing), 'IOM301', ['"iomesh-system"']);
    await cluster.expectNotStored(...refOf(missing));
    await installed().register();
    expectOk(await cluster.apply(missing));
    const stored = await cluster.expectStored(...refOf(missing));
    expect(stored['spec'].chunk.devicemanager.blockDeviceNamespace).toBe('iomesh-system');
  });

  it('denies a community image in a pool, and an upgrade of a pool before the management cluster', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const community = tagged(pool(), 'v5.3.0-rc13-community').cluster;
    const words = ['"v5.3.0-rc13-community"', '"v5.3.0-rc13-enterprise"', 'iomesh-system/iomesh'];
    expectDenied(await cluster.apply(community), 'IOM401', words);
    await cluster.expectNotStored(...refOf(community));
    expectOk(await cluster.apply(all(pool())));

    const next = 'v5.4.0-enterprise';
    const second = tagged(pool(), next).cluster;
    expectDenied(await cluster.apply(second), 'IOM401', ['upgrade the management cluster first']);
    const before = await cluster.expectStored(...refOf(second));
    expect(before['spec'].meta.image.tag).toBe('v5.3.0-rc13-enterprise');
    const lagging = ['iomesh-cluster-1/iomesh-cluster-1', 'meta', 'chunk', 'redirector'];
    expectWarned(await cluster.apply(tagged(management(), next).cluster), 'IOM403', lagging);
    const result = await cluster.apply(second);
    expectOk(result);
    expect(warnings(result)).toEqual([]);
    expect((await cluster.expectStored(...refOf(second)))['spec'].meta.image.tag).toBe(next);
  });

  it('admits the roll back of one pool while another one has the older images, and warns of a pool that is early', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool(), third())));
    const next = 'v5.4.0-enterprise';
    expectOk(await cluster.apply(tagged(management(), next).cluster));
    const { namespace, name: managing } = management().cluster['metadata'];
    const path = `/apis/iomesh.com/v1alpha1/namespaces/${namespace}/iomeshclusters/${managing}`;
    const runs = (tag: string) =>
      cluster.patchStatus(path, {
        runningImages: { chunk: { 'iomesh-chunk-0': `iomesh/zbs-chunkd:${tag}` } },
      });
    await runs('v5.3.0-rc13-enterprise');
    const early = await cluster.apply(tagged(pool(), next).cluster);
    expectWarned(early, 'IOM408', ['meta, chunk and redirector', 'still runs "v5.3.0-rc13-enterprise"']);
    await runs(next);
    expectWarned(await cluster.apply(pool().cluster), 'IOM401', ['"v5.3.0-rc13-enterprise"']);
    const stored = await cluster.expectStored(...refOf(pool().cluster));
    expect(stored['spec'].meta.image.tag).toBe('v5.3.0-rc13-enterprise');
    const again = await cluster.apply(tagged(pool(), next).cluster);
    expectOk(again);
    expect(warnings(again)).toEqual([]);
  });

  it("admits the vendor's upgrade with ten pools", async () => {
    const { cluster } = installed();
    const pools = Array.from({ length: 10 }, (_, index) => poolNumber(index + 1));
    const ofChart = structuredClone(management().storageClass);
    ofChart['metadata'].name = 'iomesh-csi-driver';
    for (const reference of ['clusterConnection', 'iomeshCluster']) delete ofChart['parameters'][reference];
    const namespaces = pools.map(({ cluster: { metadata } }) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: metadata.namespace },
    }));
    expectOk(await cluster.apply([...namespaces, ...all(management(), ...pools), ofChart]));
    expectOk(await cluster.kubectl(['delete', 'sc', 'iomesh-csi-driver']));
    const next = 'v5.4.0-enterprise';
    expectOk(await cluster.apply([tagged(management(), next).cluster, ofChart]));
    for (const each of pools) {
      const followed = await cluster.apply(tagged(each, next).cluster);
      expectOk(followed);
      expect(warnings(followed)).toEqual([]);
    }
    await installed().unregister();
    for (const object of all(...pools)) expectOk(await cluster.delete(...refOf(object)));
    await installed().register();
  });
});

function name(object: Manifest): string {
  return `${object['kind']} ${object['metadata'].name}`;
}
