/** Overlaps of the nodes of two clusters. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectDenied, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { useInstallation } from './support/installation.ts';
import { affinity, all, management, node, on, placed, pool, refOf, term } from './support/objects.ts';

const OURS = 'iomesh-cluster-1/iomesh-cluster-1';
const THEIRS = 'iomesh-system/iomesh';

onKubernetes('node overlap', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  it('denies shared hostnames and lists them', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const shared = placed(pool(), { affinity: on('k8s-worker-1', 'k8s-worker-2', 'k8s-worker-3') }).cluster;
    expectDenied(await cluster.apply(shared), 'IOM101', ['k8s-worker-1', 'k8s-worker-2', OURS, THEIRS]);
    await cluster.expectNotStored(...refOf(shared));
  });

  describe('with other labels and operators', () => {
    const leading = affinity({
      matchExpressions: [
        { key: 'zone', operator: 'In', values: ['a', 'b'] },
        { key: 'rack', operator: 'Gt', values: ['5'] },
      ],
    });
    beforeEach(async () => {
      expectOk(await installed().cluster.apply(all(placed(management(), { affinity: leading }))));
    });
    it.each([
      ['NotIn', { affinity: affinity(term('zone', 'NotIn', 'a')) }, 'zone="b"'],
      ['Exists', { affinity: affinity(term('zone', 'Exists')) }, 'zone="a"'],
      ['Gt', { affinity: affinity(term('rack', 'Gt', '7')) }, 'rack="8"'],
      [
        'the second of several terms',
        { affinity: affinity(term('zone', 'In', 'c'), term('zone', 'In', 'b')) },
        'zone="b"',
      ],
      ['a node selector', { nodeSelector: { zone: 'a' } }, 'zone="a"'],
    ] as const)(
      'denies %s with the labels of a possible common node',
      async (_title, policy, exampleNode) => {
        const { cluster } = installed();
        const object = placed(pool(), policy).cluster;
        expectDenied(await cluster.apply(object), 'IOM101', [exampleNode, OURS, THEIRS]);
        await cluster.expectNotStored(...refOf(object));
      },
    );
    it.each([
      ['NotIn', { affinity: affinity(term('zone', 'NotIn', 'a', 'b')) }],
      ['DoesNotExist', { affinity: affinity(term('zone', 'DoesNotExist')) }],
      ['Lt', { affinity: affinity(term('rack', 'Lt', '6')) }],
      ['several terms', { affinity: affinity(term('zone', 'In', 'c'), term('zone', 'In', 'd')) }],
      ['a node selector', { nodeSelector: { zone: 'c' } }],
    ] as const)('admits %s if no node can be in both', async (_title, policy) => {
      const { cluster } = installed();
      const { cluster: object, zookeeper } = placed(pool(), policy);
      const result = await cluster.apply([zookeeper, object]);
      expectOk(result);
      expect(warnings(result)).toEqual([]);
      await cluster.expectStored(...refOf(object));
    });
  });

  it('denies a ZookeeperCluster on nodes of another cluster', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const { zookeeper } = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') });
    expectDenied(await cluster.apply(zookeeper), 'IOM101', ['k8s-worker-2', THEIRS]);
    await cluster.expectNotStored(...refOf(zookeeper));
  });

  it('admits other values of a label, warns of other keys, and denies if a Node has both', async () => {
    const { cluster } = installed();
    const inZone = (zone: string) => ({ affinity: affinity(term('zone', 'In', zone)) });
    expectOk(await cluster.apply(all(placed(management(), inZone('a')))));
    const apart = await cluster.apply(all(placed(pool(), inZone('b'))));
    expectOk(apart);
    expect(warnings(apart)).toEqual([]);

    const byRack = placed(pool(), { affinity: affinity(term('rack', 'In', 'r1')) });
    const undecided = await cluster.dryRun(byRack.cluster);
    expectWarned(undecided, 'IOM103', [OURS, THEIRS]);

    const nodes = [0, 1, 2].flatMap((each) => [
      node(`a-${each}`, { zone: 'a', rack: 'r0' }),
      node(`b-${each}`, { zone: 'b', rack: 'r1' }),
    ]);
    expectOk(await cluster.apply(nodes));
    expectWarned(await cluster.dryRun(byRack.cluster), 'IOM103');
    expectOk(await cluster.apply(node('both', { zone: 'a', rack: 'r1' })));
    // The watch delivers the Node a moment later.
    await vi.waitFor(
      async () => expectDenied(await cluster.dryRun(byRack.cluster), 'IOM101', ['both', OURS, THEIRS]),
      { timeout: 10_000 },
    );
    expectDenied(await cluster.apply(byRack.cluster), 'IOM101', ['both', OURS, THEIRS]);
    const stored = await cluster.expectStored(...refOf(byRack.cluster));
    expect(stored['spec'].chunk.podPolicy).toEqual(inZone('b'));
  });

  it('admits a pool by label before its nodes have the label, and says how to label them', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply([0, 1, 2, 3, 4, 5].map((each) => node(`k8s-worker-${each}`))));
    expectOk(await cluster.apply(all(management())));
    const byRack = placed(pool(), { affinity: affinity(term('rack', 'In', 'r1')) });
    const early = await cluster.apply(all(byRack));
    expectWarned(early, 'IOM106', ['no known node', 'kubectl label node NODE rack=r1']);
    for (const each of [3, 4, 5])
      expectOk(await cluster.kubectl(['label', 'node', `k8s-worker-${each}`, 'rack=r1']));
    const changed = [byRack.zookeeper, byRack.cluster];
    for (const each of changed) each['metadata'].labels = { team: 'storage' };
    // The watch delivers the labels a moment later.
    await expect
      .poll(async () => (await cluster.dryRun(changed)).stderr, { timeout: 10_000 })
      .not.toContain('IOM106');
  });

  it('denies a hostname that both clusters list while its node is not registered', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply([0, 1, 3, 4, 5, 6].map((each) => node(`k8s-worker-${each}`))));
    expectOk(await cluster.apply(all(management())));
    const shared = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-4', 'k8s-worker-5') }).cluster;
    expectDenied(await cluster.apply(shared), 'IOM101', ['node "k8s-worker-2"', OURS, THEIRS]);
    await cluster.expectNotStored(...refOf(shared));
  });

  it('denies a pool next to a management cluster that can run anywhere, until that is pinned', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(placed(management(), {}))));
    const { zookeeper, cluster: object } = pool();
    for (const each of [zookeeper, object]) {
      expectDenied(await cluster.apply(each), 'IOM110', [THEIRS, OURS, 'first set a required nodeAffinity']);
      await cluster.expectNotStored(...refOf(each));
    }
    expectOk(await cluster.apply(all(management())));
    const pinned = await cluster.apply(all(pool()));
    expectOk(pinned);
    expect(warnings(pinned)).toEqual([]);
  });
});
