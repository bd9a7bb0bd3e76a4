/** No node belongs to two clusters. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectDenied, expectOk, expectWarned, warnings } from '../support/cluster.ts';
import { onKubernetes } from '../support/suite.ts';
import { useInstallation } from './installation.ts';
import { affinity, all, management, node, on, placed, pool, refOf, term } from './objects.ts';

const OURS = 'iomesh-cluster-1/iomesh-cluster-1';
const THEIRS = 'iomesh-system/iomesh';

onKubernetes('isolation', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  it('03 shared hostnames are refused, and listed', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const shared = placed(pool(), { affinity: on('k8s-worker-1', 'k8s-worker-2', 'k8s-worker-3') }).cluster;
    expectDenied(await cluster.apply(shared), 'IOM101', ['k8s-worker-1', 'k8s-worker-2', OURS, THEIRS]);
    await cluster.expectNotStored(...refOf(shared));
  });

  describe('04 other labels and operators', () => {
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
      '%s: refused, with the labels of a node that both could have',
      async (_title, policy, witness) => {
        const { cluster } = installed();
        const object = placed(pool(), policy).cluster;
        expectDenied(await cluster.apply(object), 'IOM101', [witness, OURS, THEIRS]);
        await cluster.expectNotStored(...refOf(object));
      },
    );
    it.each([
      ['NotIn', { affinity: affinity(term('zone', 'NotIn', 'a', 'b')) }],
      ['DoesNotExist', { affinity: affinity(term('zone', 'DoesNotExist')) }],
      ['Lt', { affinity: affinity(term('rack', 'Lt', '6')) }],
      ['several terms', { affinity: affinity(term('zone', 'In', 'c'), term('zone', 'In', 'd')) }],
      ['a node selector', { nodeSelector: { zone: 'c' } }],
    ] as const)('%s: admitted where no node could be in both', async (_title, policy) => {
      const { cluster } = installed();
      const { cluster: object, zookeeper } = placed(pool(), policy);
      const result = await cluster.apply([zookeeper, object]);
      expectOk(result);
      expect(warnings(result)).toEqual([]);
      await cluster.expectStored(...refOf(object));
    });
  });

  it('05 a ZookeeperCluster on nodes of another cluster is refused', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const { zookeeper } = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') });
    expectDenied(await cluster.apply(zookeeper), 'IOM101', ['k8s-worker-2', THEIRS]);
    await cluster.expectNotStored(...refOf(zookeeper));
  });

  it('06 by labels: other values are apart, other keys a warning, and Nodes decide', async () => {
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
    // The watch brings a node a moment later.
    await vi.waitFor(
      async () => expectDenied(await cluster.dryRun(byRack.cluster), 'IOM101', ['both', OURS, THEIRS]),
      { timeout: 10_000 },
    );
    expectDenied(await cluster.apply(byRack.cluster), 'IOM101', ['both', OURS, THEIRS]);
    const stored = await cluster.expectStored(...refOf(byRack.cluster));
    expect(stored['spec'].chunk.podPolicy).toEqual(inZone('b'));
  });
});
