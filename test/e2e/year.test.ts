/**
 * A year of operations of several clusters, with two replicas: what the vendor documents goes through, and what
 * cannot be undone does not.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dump } from 'js-yaml';
import type { Manifest } from '../deploy/objects.ts';
import { run } from '../support/run-cli.ts';
import { expectDenied, expectOk, expectWarned, type Stored } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { Terminal } from './support/terminal.ts';
import type { Result } from './support/kubectl.ts';
import { emptyLedger } from './support/stored-ledger.ts';
import {
  all,
  type ClusterSet,
  management,
  node,
  on,
  placed,
  pool,
  poolNumber,
  refOf,
  sparse,
  tagged,
  volumeInUse,
} from './support/objects.ts';

const POOLS = 10;
const OLD = 'v5.3.0-rc13-enterprise';
const NEW = 'v5.4.0-rc3-enterprise';
const FILES = ['zookeeper', 'cluster', 'connection', 'storageClass'] as const;
const KINDS = 'iomeshclusters,zookeeperclusters,configmaps,storageclasses';
const RELEASE = '{"metadata":{"finalizers":null}}';
const CLEANER = '--as=system:serviceaccount:kube-system:namespace-controller';

onKubernetes('a year of operations', (kubernetes) => {
  let deployment: RunningDeployment;
  let terminal: Terminal;
  beforeAll(async () => {
    deployment = await RunningDeployment.start(kubernetes);
    terminal = await Terminal.open(deployment.plane, ['helm']);
    const namespaces = numbers(POOLS).map((each) => ({
      ...{ apiVersion: 'v1', kind: 'Namespace' },
      metadata: { name: `iomesh-cluster-${each}` },
    }));
    expectOk(await deployment.cluster.apply(namespaces));
  });
  afterAll(async () => {
    terminal?.close();
    await deployment?.stop();
  });
  afterEach(async () => {
    await wipe();
    expectOk(await clear('nodes,persistentvolumes,persistentvolumeclaims', '--all'));
    const { stdout } = await deployment.cluster.kubectl(['get', 'pv,pvc', '-n', 'default', '-o', 'name']);
    // No controller removes their finalizers.
    for (const each of stdout.split('\n').filter(Boolean))
      await deployment.cluster.kubectl(['patch', each, '-n', 'default', '-p', RELEASE]);
  });

  /** Deletes as the namespace controller does, whom the webhook never denies anything. */
  const clear = (kinds: string, ...args: readonly string[]) =>
    deployment.cluster.kubectl(['delete', kinds, '--wait=false', '--ignore-not-found', CLEANER, ...args]);

  /** No object of IOMesh is left. */
  async function wipe(): Promise<void> {
    const namespaces = ['iomesh-system', ...numbers(POOLS).map((each) => `iomesh-cluster-${each}`)];
    const cleared = await Promise.all([
      ...namespaces.map((each) => clear('iomeshclusters,zookeeperclusters,configmaps', '--all', '-n', each)),
      clear('storageclasses', '--all'),
    ]);
    for (const each of cleared) expectOk(each);
    await emptyLedger(deployment.cluster);
  }

  /** The management cluster and the first pools, with a Node for each hostname. */
  async function world(pools: number): Promise<void> {
    const sets = [management(), ...numbers(pools).map(poolNumber)];
    const nodes = Array.from({ length: 3 * (pools + 1) }, (_, each) => node(`k8s-worker-${each}`));
    expectOk(await deployment.cluster.apply([...nodes, ...all(...sets)]));
  }

  const type = (commands: string) => terminal.type(commands);
  const patch = (object: Manifest, change: object) => {
    const [kind, name, namespace] = refOf(object);
    return deployment.cluster.kubectl([
      ...['patch', kind, name, ...(namespace === undefined ? [] : ['-n', namespace])],
      ...['--type=merge', '-p', JSON.stringify(change)],
    ]);
  };
  /** The objects of a set as files in a folder of the terminal. */
  function write(folder: string, set: ClusterSet): void {
    mkdirSync(join(terminal.folder, folder), { recursive: true });
    for (const each of FILES) writeFileSync(join(terminal.folder, folder, `${each}.yaml`), dump(set[each]));
  }
  function audit(): { codes: string[]; code: number | null } {
    const { stdout, stderr, code } = run([
      'audit',
      ...['--kubeconfig', deployment.cluster.kubeconfig, '--format', 'json'],
    ]);
    expect(stdout, stderr).not.toBe('');
    const findings = JSON.parse(stdout).findings as { code: string; severity: string }[];
    return { codes: findings.map((each) => each.code), code };
  }
  /** Replays files as a GitOps tool does: what failed is tried again, what is stored is not sent again. */
  async function converge(objects: readonly Manifest[], passes: number): Promise<Result[]> {
    const { cluster } = deployment;
    let left = [...objects];
    let failed: Result[] = [];
    for (let pass = 0; pass < passes && left.length > 0; pass++) {
      const results: [Manifest, Result][] = [];
      for (const each of left) results.push([each, await cluster.apply(each, ...cluster.forIncomplete)]);
      left = results.filter(([, { code }]) => code !== 0).map(([each]) => each);
      failed = results.map(([, result]) => result).filter(({ code }) => code !== 0);
    }
    return failed;
  }

  describe('a pool is set up', () => {
    it('as the guide does it, file by file', async () => {
      expectOk(await deployment.cluster.apply(all(management())));
      write('cluster-1', pool());
      for (const each of ['zookeeper', 'cluster', 'connection', 'storageClass'])
        expectOk(await type(`kubectl apply -f cluster-1/${each}.yaml`));
      expect(audit()).toEqual({ codes: [], code: 0 });
    });

    it("by a GitOps tool that begins with the pools' directories", async () => {
      const order = [...numbers(3).map(poolNumber).reverse(), management()];
      expect(await converge(all(...order), 3)).toEqual([]);
      expect(audit()).toEqual({ codes: [], code: 0 });
    });

    it('by a GitOps tool from a set without defaults, which it never sends again once stored', async () => {
      const set = [...sparse(), ...all(management())];
      for (const order of [set, [...set].reverse()]) {
        const failed = await converge(order, 4);
        expect(failed.map(({ stderr }) => stderr)).toEqual([]);
        expect(audit()).toEqual({ codes: [], code: 0 });
        await wipe();
      }
    });
  });

  describe('nodes', () => {
    it('join a pool, first in the IOMeshCluster, then in ZooKeeper', async () => {
      await world(1);
      const wider = placed(pool(), {
        affinity: on('k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5', 'k8s-worker-6'),
      });
      expectOk(await deployment.cluster.apply(node('k8s-worker-6')));
      expectOk(await deployment.cluster.apply(wider.cluster));
      expectOk(await deployment.cluster.apply(wider.zookeeper));
      expect(audit()).toEqual({ codes: [], code: 0 });
    });

    it('are replaced when they are dead, and never by one of another cluster', async () => {
      await world(2);
      expectOk(await deployment.cluster.kubectl(['delete', 'node', 'k8s-worker-5']));
      const stolen = placed(pool(), { affinity: on('k8s-worker-3', 'k8s-worker-4', 'k8s-worker-6') });
      expectDenied(await deployment.cluster.apply(stolen.cluster), 'IOM101', ['k8s-worker-6']);
      expectOk(await deployment.cluster.apply(node('k8s-worker-9')));
      const replaced = placed(pool(), { affinity: on('k8s-worker-3', 'k8s-worker-4', 'k8s-worker-9') });
      expectOk(await deployment.cluster.apply(replaced.cluster));
      expectOk(await deployment.cluster.apply(replaced.zookeeper));
      expect(audit().codes).toEqual([]);
    });

    it('get the label of a pool after the pool is there', async () => {
      await world(0);
      const labelled = placed(pool(), {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'rack', operator: 'In', values: ['r1'] }] }],
            },
          },
        },
      });
      const nodes = [3, 4, 5].map((each) => `k8s-worker-${each}`);
      expectOk(await deployment.cluster.apply(nodes.map((each) => node(each))));
      expectOk(await deployment.cluster.apply(all(labelled)));
      expectOk(await type(`kubectl label node ${nodes.join(' ')} rack=r1`));
      // A node of the management cluster, which names its nodes, could get the label too.
      expect(audit()).toEqual({ codes: ['IOM103'], code: 0 });
    });
  });

  describe('scaling', () => {
    it('goes up one by one, and down by one after the chunk is unregistered', async () => {
      await world(1);
      const five = [3, 4, 5, 6, 7].map((each) => `k8s-worker-${each}`);
      const wider = placed(pool(), { affinity: on(...five) });
      expectOk(await deployment.cluster.apply([...five.map((each) => node(each)), ...all(wider)]));
      for (const replicas of [4, 5]) expectOk(await patch(pool().cluster, { spec: { chunk: { replicas } } }));
      expectDenied(await patch(pool().cluster, { spec: { chunk: { replicas: 3 } } }), 'IOM604');
      expectWarned(await patch(pool().cluster, { spec: { chunk: { replicas: 4 } } }), 'IOM604', [
        'unregister',
      ]);
      for (const replicas of [4, 5]) expectOk(await patch(pool().cluster, { spec: { meta: { replicas } } }));
      expectDenied(await patch(pool().cluster, { spec: { meta: { replicas: 4 } } }), 'IOM604');
    });

    it('of ZooKeeper is never down', async () => {
      await world(1);
      const five = [3, 4, 5, 6, 7].map((each) => `k8s-worker-${each}`);
      const wider = placed(pool(), { affinity: on(...five) });
      expectOk(await deployment.cluster.apply([wider.cluster, wider.zookeeper]));
      expectOk(await patch(pool().zookeeper, { spec: { replicas: 5 } }));
      expectDenied(await patch(pool().zookeeper, { spec: { replicas: 3 } }), 'IOM604');
    });
  });

  describe('upgrade', () => {
    const tags = (tag: string) => {
      const image = { image: { tag } };
      return { spec: { meta: image, chunk: image, redirector: image } };
    };

    it('of ten pools: the management cluster first, and the warnings name every pool', async () => {
      await world(POOLS);
      expectDenied(await patch(pool().cluster, tags(NEW)), 'IOM401', [
        'upgrade the management cluster first',
      ]);
      const first = await patch(management().cluster, tags(NEW));
      for (const each of numbers(POOLS))
        expectWarned(first, 'IOM403', [`iomesh-cluster-${each}/iomesh-cluster-${each}`]);
      for (const each of numbers(POOLS)) expectOk(await patch(poolNumber(each).cluster, tags(NEW)));
      expect(audit()).toEqual({ codes: [], code: 0 });
    });

    it('of a pool can be rolled back', async () => {
      await world(2);
      expectOk(await patch(management().cluster, tags(NEW)));
      expectOk(await patch(pool().cluster, tags(NEW)));
      expectWarned(await patch(pool().cluster, tags(OLD)), 'IOM401');
      const stored = await deployment.cluster.expectStored(...refOf(pool().cluster));
      expect(stored['spec'].meta.image.tag).toBe(OLD);
    });

    it('by a GitOps tool, in one commit for all clusters', async () => {
      await world(3);
      const sets = [...numbers(3).map(poolNumber), management()].map((each) => tagged(each, NEW));
      expect(await converge(all(...sets), 2)).toEqual([]);
      expect(audit()).toEqual({ codes: [], code: 0 });
    });

    it('by Helm, with ten pools and the class of the chart', async () => {
      const chart = join(import.meta.dirname, '../fixtures/charts/iomesh');
      const values = join(terminal.folder, 'values.yaml');
      writeFileSync(values, dump(valuesOf(OLD)));
      const release = `iomesh ${chart} -n iomesh-system -f values.yaml`;
      expectOk(await type(`helm install ${release}`));
      const pools = numbers(POOLS).map(poolNumber);
      expectOk(await deployment.cluster.apply([management().connection, ...all(...pools)]));
      writeFileSync(values, dump(valuesOf(NEW)));
      expectOk(await type(`kubectl delete sc iomesh-csi-driver && helm upgrade ${release}`));
      for (const each of pools) expectOk(await patch(each.cluster, tags(NEW)));
      expect(audit().code).toBe(0);
      // The chart takes the management cluster away, which the pools need.
      const refused = await type('helm uninstall iomesh -n iomesh-system --debug');
      expectDenied(refused, 'IOM601');
      for (const each of pools)
        for (const object of [each.zookeeper, each.cluster])
          expectOk(await deployment.cluster.delete(...refOf(object)));
      expectOk(await type('helm uninstall iomesh -n iomesh-system'));
    });
  });

  describe('values that all clusters share', () => {
    it('change with the management cluster first: edition', async () => {
      await world(2);
      const community = OLD.replace('enterprise', 'community');
      expectDenied(await deployment.cluster.apply(tagged(pool(), community).cluster), 'IOM401', ['edition']);
      expectOk(await deployment.cluster.apply(tagged(management(), community).cluster));
      for (const each of numbers(2))
        expectOk(await deployment.cluster.apply(tagged(poolNumber(each), community).cluster));
      expect(audit()).toEqual({ codes: [], code: 0 });
    });

    it('change with the management cluster first: clusterId', async () => {
      await world(2);
      const data = { data: { clusterId: 'renamed' } };
      expectDenied(await patch(pool().connection, data), 'IOM201');
      expectWarned(await patch(management().connection, data), 'IOM201');
      for (const each of numbers(2)) expectOk(await patch(poolNumber(each).connection, data));
      expect(audit()).toEqual({ codes: [], code: 0 });
    });
  });

  it('changes the data network of a running pool only with a warning', async () => {
    await world(1);
    const dataCIDR = '10.99.0.0/24';
    const both = { spec: { chunk: { dataCIDR }, redirector: { dataCIDR } } };
    expectWarned(await patch(pool().cluster, both), 'IOM605');
  });

  it('renames a class while its volumes are in use', async () => {
    await world(1);
    expectOk(await deployment.cluster.apply(volumeInUse('iomesh-cluster-1')));
    const gold = structuredClone(pool().storageClass);
    gold['metadata'].name = 'gold';
    expectOk(await deployment.cluster.apply(gold));
    expectOk(await type('kubectl delete sc iomesh-cluster-1'));
    expect(audit()).toEqual({ codes: [], code: 0 });
  });

  describe('a pool is removed', () => {
    const commands =
      'kubectl delete -f cluster-1/zookeeper.yaml --wait=false && kubectl delete -f cluster-1/cluster.yaml --wait=false';

    it('as the guide prints it, when no volume is left', async () => {
      await world(2);
      write('cluster-1', pool());
      expectOk(await type(commands));
      await deployment.cluster.expectNotStored(...refOf(pool().cluster));
    });

    it('by no command while a volume is left', async () => {
      await world(2);
      write('cluster-1', pool());
      expectOk(await deployment.cluster.apply(volumeInUse('iomesh-cluster-1')));
      for (const each of [
        commands,
        'kubectl delete -f cluster-1/cluster.yaml --wait=false',
        'kubectl delete -f cluster-1/connection.yaml',
        'kubectl delete -f cluster-1 --wait=false',
        'kubectl delete iomesh iomesh-cluster-1 -n iomesh-cluster-1 --cascade=orphan --wait=false',
        'kubectl replace --force -f cluster-1/cluster.yaml',
      ]) {
        const result = await type(each);
        expect(result.code, each).not.toBe(0);
        expect(result.stderr, each).toContain('default/db-0');
        for (const object of [pool().cluster, pool().zookeeper, pool().connection])
          await deployment.cluster.expectStored(...refOf(object));
        expectOk(await deployment.cluster.apply(pool().storageClass));
      }
    });
  });

  describe('after a disaster', () => {
    it('a backup is restored in any order', async () => {
      await world(2);
      const kept = await exported();
      for (const order of [kept, [...kept].reverse(), rotated(kept, 5), rotated(kept, 3).reverse()]) {
        await wipe();
        for (const each of order) expectOk(await deployment.cluster.apply(each));
        expect(audit()).toEqual({ codes: [], code: 0 });
      }
    });

    it('in the middle of an upgrade a backup is restored in any order', async () => {
      await world(2);
      expectOk(await deployment.cluster.apply(tagged(management(), NEW).cluster));
      expectOk(await deployment.cluster.apply(tagged(pool(), NEW).cluster));
      const kept = await exported();
      for (const order of [kept, [...kept].reverse(), rotated(kept, 4)]) {
        await wipe();
        for (const each of order) expectOk(await deployment.cluster.apply(each));
      }
    });

    it('pools are edited without the management cluster, which is created again', async () => {
      await world(2);
      expectOk(await clear('iomeshcluster', 'iomesh', '-n', 'iomesh-system'));
      expectOk(await patch(pool().cluster, { metadata: { labels: { team: 'a' } } }));
      expectOk(await deployment.cluster.apply(management().cluster));
      expect(audit()).toEqual({ codes: [], code: 0 });
    });
  });

  it('lets one of two administrators have a free node', async () => {
    for (let round = 0; round < 3; round++) {
      await world(0);
      const nodes = ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5'];
      const rivals = numbers(2).map((each) => placed(poolNumber(each), { affinity: on(...nodes) }).cluster);
      const results = await Promise.all(rivals.map((each) => deployment.cluster.apply(each)));
      expect(results.map(({ code }) => code).sort()).toEqual([0, 1]);
      await wipe();
    }
  });

  /** Every object of IOMesh, as a backup keeps it. */
  async function exported(): Promise<Manifest[]> {
    const result = await deployment.cluster.kubectl(['get', KINDS, '-A', '-o', 'json']);
    expectOk(result);
    const items = JSON.parse(result.stdout).items as Stored[];
    return items
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ metadata, status: _, ...rest }) => {
        const { name, namespace, labels, annotations } = metadata;
        return { ...rest, metadata: { name, namespace, labels, annotations } } as unknown as Manifest;
      })
      .filter(({ metadata }) => metadata.namespace !== 'kube-system');
  }
});

/** The values of the management cluster's chart, with its images at a tag. */
function valuesOf(tag: string): object {
  const { spec } = management().cluster as Manifest & { spec: Record<string, Record<string, unknown>> };
  const { meta, chunk } = spec as Record<string, Record<string, never>>;
  const [appVersion, edition] = [tag.slice(0, tag.lastIndexOf('-')), tag.slice(tag.lastIndexOf('-') + 1)];
  const placement = { podPolicy: meta!['podPolicy'] };
  const { affinity } = management().zookeeper['spec'].pod;
  return {
    iomesh: {
      appVersion,
      edition,
      meta: placement,
      chunk: {
        ...placement,
        dataCIDR: chunk!['dataCIDR'],
        devicemanager: { blockDeviceNamespace: 'iomesh-system' },
        deviceMap: chunk!['deviceMap'],
      },
      redirector: placement,
      zookeeper: { podPolicy: { affinity } },
    },
  };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, each) => each + 1);
}

function rotated<T>(all: readonly T[], by: number): T[] {
  return [...all.slice(by), ...all.slice(0, by)];
}
