/** What a new pool copies from the management cluster, what it does not copy, and when it is refused. */
import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { at, type Json } from '../../../src/core/base/json.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { KINDS, type Kind, type Resource } from '../../../src/core/base/model.ts';
import { type PoolPlan, planPool } from '../../../src/core/new-pool/plan.ts';
import type { PoolRequest, Refusal } from '../../../src/core/new-pool/request.ts';
import { World } from '../../../src/core/world.ts';
import {
  edited,
  given,
  MANAGEMENT,
  MANAGEMENT_CLASS,
  MANAGEMENT_CONNECTION,
  MANAGEMENT_ZOOKEEPER,
  node,
  POOL,
  POOL_CLASS,
  POOL_CONNECTION,
  POOL_ZOOKEEPER,
  requiredOf,
  resourceOf,
  worldWith,
  written,
} from '../defaults/world.ts';

const NODES = ['k8s-worker-6', 'k8s-worker-7', 'k8s-worker-8'];
const POOL_OBJECTS = [POOL, POOL_ZOOKEEPER, POOL_CONNECTION, POOL_CLASS];

function request(rest: Partial<PoolRequest> = {}): PoolRequest {
  const name = rest.name ?? 'iomesh-cluster-2';
  return {
    ...{
      name,
      namespace: name,
      nodes: NODES,
      dataCidr: undefined,
      metaReplicas: 3,
      chunkReplicas: undefined,
    },
    ...rest,
  };
}

function planned(world: World, rest?: Partial<PoolRequest>): PoolPlan {
  const plan = planPool(world, request(rest));
  if (!('objects' in plan)) throw new Error(`refused: ${plan.map(({ message }) => message).join('; ')}`);
  return plan;
}

function refused(world: World, rest?: Partial<PoolRequest>): readonly Refusal[] {
  const plan = planPool(world, request(rest));
  if ('objects' in plan) throw new Error('the pool was not refused');
  expect(plan.length).toBeGreaterThan(0);
  return plan;
}

function textOf(refusals: readonly Refusal[]): string {
  return refusals.map(({ message, help = '' }) => `${message} | ${help}`).join('\n');
}

function object({ objects }: PoolPlan, kind: Kind): Resource {
  const found = objects.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function value(plan: PoolPlan, kind: Kind, path: string): Json | undefined {
  return at(object(plan, kind).json, path.split('.'));
}

/** The findings of lint after the files of the plan are written. */
function findingsWith(world: World, { objects }: PoolPlan): string[] {
  const resources = [...KINDS.flatMap((kind) => world.all(kind)), ...objects];
  const after = World.of({ resources, config: world.config, today: world.today });
  expect(after.duplicates).toEqual([]);
  return judge(after).findings.map(({ code, message }) => `${code} ${message}`);
}

const fleet = (most = 10) => Array.from({ length: most }, (_, index) => node(`k8s-worker-${index}`));

describe('planPool with a correct set', () => {
  it('gives five objects in the order to apply them, without any finding', () => {
    const world = worldWith(fleet());
    const plan = planned(world);
    expect(plan.objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ZookeeperCluster',
      'IOMeshCluster',
      'ConfigMap',
      'StorageClass',
    ]);
    expect(findingsWith(world, plan)).toEqual([]);
    expect(plan.notes).toEqual([]);
  });

  it('gives the objects of the example pool when asked for its name, nodes and network', () => {
    const world = worldWith([], { without: POOL_OBJECTS });
    const plan = planned(world, {
      name: 'iomesh-cluster-1',
      nodes: ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5'],
      dataCidr: '10.234.2.0/24',
    });
    for (const key of POOL_OBJECTS) {
      const wanted = given(key);
      expect(plan.objects.find((each) => each.key === key)?.json).toEqual(wanted.json);
    }
  });

  it('copies shared settings of the management cluster', () => {
    const world = worldWith(
      [
        written(MANAGEMENT, {
          'spec.diskDeploymentMode': 'allFlash',
          'spec.storageClass': 'local',
          'spec.meta.image.repository': 'registry.example/iomesh/zbs-metad',
          'spec.meta.resources': { limits: { cpu: '2' } },
          'spec.chunk.deviceMap': {
            dataStoreWithJournal: {
              selector: { matchLabels: { 'iomesh.com/bd-driverType': 'NVME' } },
              exclude: ['blockdevice-1'],
            },
          },
          'spec.chunk.accessCIDR': '10.9.0.0/16',
          'spec.chunk.podPolicy.tolerations': [{ key: 'storage', operator: 'Exists' }],
          'spec.portOffset': 4,
          'spec.licenseSecretName': 'its-own',
          'spec.redirector.iscsiVirtualIP': '10.1.1.1',
        }),
        written(MANAGEMENT_ZOOKEEPER, {
          'spec.image.tag': '3.6.1',
          'spec.kubernetesClusterDomain': 'k8s.example',
          'spec.persistence.reclaimPolicy': 'Retain',
        }),
        written(MANAGEMENT_CONNECTION, { 'data.clusterId': 'other' }),
        edited(given(MANAGEMENT_CLASS), {
          reclaimPolicy: 'Retain',
          volumeBindingMode: 'WaitForFirstConsumer',
        }),
      ],
      { without: POOL_OBJECTS },
    );
    const plan = planned(world);
    const cluster = (path: string) => value(plan, 'IOMeshCluster', path);
    expect(cluster('spec.diskDeploymentMode')).toBe('allFlash');
    expect(cluster('spec.storageClass')).toBe('local');
    expect(cluster('spec.meta.image.repository')).toBe('registry.example/iomesh/zbs-metad');
    expect(cluster('spec.meta.resources')).toEqual({ limits: { cpu: '2' } });
    expect(cluster('spec.chunk.accessCIDR')).toBe('10.9.0.0/16');
    expect(cluster('spec.chunk.podPolicy.tolerations')).toEqual([{ key: 'storage', operator: 'Exists' }]);
    expect(cluster('spec.chunk.devicemanager.blockDeviceNamespace')).toBe('iomesh-system');
    expect(value(plan, 'ZookeeperCluster', 'spec.image.tag')).toBe('3.6.1');
    expect(value(plan, 'ZookeeperCluster', 'spec.persistence.reclaimPolicy')).toBe('Retain');
    expect(value(plan, 'ZookeeperCluster', 'spec.kubernetesClusterDomain')).toBe('k8s.example');
    expect(value(plan, 'ConfigMap', 'data.clusterId')).toBe('other');
    expect(value(plan, 'StorageClass', 'reclaimPolicy')).toBe('Retain');
    expect(value(plan, 'StorageClass', 'volumeBindingMode')).toBe('WaitForFirstConsumer');
    // Settings of one cluster only are not copied.
    expect(cluster('spec.chunk.deviceMap.dataStoreWithJournal')).toEqual({
      selector: { matchLabels: { 'iomesh.com/bd-driverType': 'NVME' } },
    });
    for (const own of ['spec.portOffset', 'spec.licenseSecretName', 'spec.redirector.iscsiVirtualIP'])
      expect(cluster(own), own).toBeUndefined();
  });

  it('copies no status, annotation or operator-set field of a stored object', () => {
    const stored = edited(given(MANAGEMENT), {
      'metadata.uid': 'u',
      'metadata.annotations': { 'iomesh-guard.io/waive': 'IOM101=for itself' },
      'status.license': { serial: 'its-own' },
    });
    const claim = edited(given(MANAGEMENT_ZOOKEEPER), {
      'spec.persistence.spec.volumeMode': 'Filesystem',
      'spec.ports': [{ name: 'client', containerPort: 2181 }],
      'status.replicas': 3,
    });
    const plan = planned(worldWith([stored, claim]));
    expect(Object.keys(object(plan, 'IOMeshCluster').json)).not.toContain('status');
    expect(value(plan, 'IOMeshCluster', 'metadata')).toEqual({
      name: 'iomesh-cluster-2',
      namespace: 'iomesh-cluster-2',
    });
    expect(value(plan, 'ZookeeperCluster', 'spec.persistence.spec.volumeMode')).toBeUndefined();
    expect(value(plan, 'ZookeeperCluster', 'spec.ports')).toBeUndefined();
  });

  it('copies the pod-security labels of the management namespace and no others', () => {
    const namespace = resourceOf({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'iomesh-system',
        labels: { 'pod-security.kubernetes.io/enforce': 'privileged', team: 'storage' },
      },
    });
    expect(value(planned(worldWith([namespace])), 'Namespace', 'metadata.labels')).toEqual({
      'pod-security.kubernetes.io/enforce': 'privileged',
    });
  });

  it('fills the defaults of the webhook when the management cluster does not set a field', () => {
    const sparse = written(MANAGEMENT, {
      'spec.diskDeploymentMode': undefined,
      'spec.probe.image.pullPolicy': undefined,
    });
    const world = worldWith([sparse], { without: [MANAGEMENT_CLASS] });
    const plan = planned(world);
    expect(value(plan, 'IOMeshCluster', 'spec.diskDeploymentMode')).toBe('hybridFlash');
    expect(value(plan, 'IOMeshCluster', 'spec.probe.image.pullPolicy')).toBe('IfNotPresent');
    expect(object(plan, 'StorageClass').json['parameters']).toEqual({
      'csi.storage.k8s.io/fstype': 'ext4',
      replicaFactor: '2',
      thinProvision: 'true',
      clusterConnection: 'iomesh-cluster-2/iomesh-cluster-2-csi-configmap',
      iomeshCluster: 'iomesh-cluster-2/iomesh-cluster-2',
    });
  });

  it('sets the edition and omits the connection ConfigMap when iomeshVersion is 1.2', () => {
    const untagged: Record<string, undefined> = {};
    for (const owner of ['meta', 'chunk', 'redirector']) untagged[`spec.${owner}.image.tag`] = undefined;
    const config: Partial<Config> = { iomeshVersion: '1.2' };
    const management = edited(edited(given(MANAGEMENT), untagged), { 'spec.edition': 'enterprise' });
    const storageClass = edited(given(MANAGEMENT_CLASS), { 'parameters.clusterConnection': undefined });
    const world = worldWith([management, storageClass], { config, without: POOL_OBJECTS });
    const plan = planned(world);
    expect(plan.objects.map(({ kind }) => kind)).not.toContain('ConfigMap');
    expect(value(plan, 'IOMeshCluster', 'spec.edition')).toBe('enterprise');
    expect(value(plan, 'IOMeshCluster', 'spec.chunk.image.tag')).toBeUndefined();
    expect(value(plan, 'StorageClass', 'parameters.clusterConnection')).toBeUndefined();
    expect(findingsWith(world, plan)).toEqual([]);
  });

  it('copies from 1.1 on what all clusters share, and leaves the rest to the operator', () => {
    const shared = {
      'spec.cpuExclusiveOptions': {
        cpuExclusivePolicy: 'kernelCpuIsolation',
        exclusiveCpusets: { chunk: '0-3', meta: '4' },
      },
      'spec.meta.extraEnvs': { A: 'meta' },
      'spec.chunk.extraEnvs': { A: 'chunk' },
      'spec.redirector.extraEnvs': { A: 'redirector' },
    };
    const own = { 'spec.clusterID': 0, 'spec.version': 'v1.1.0', 'spec.redirector.iscsiServerPort': 3260 };
    const management = written(MANAGEMENT, { ...shared, ...own });
    const plan = planned(worldWith([management], { config: { iomeshVersion: '1.1' } }));
    for (const [path, wanted] of Object.entries(shared))
      expect(value(plan, 'IOMeshCluster', path), path).toEqual(wanted);
    for (const path of Object.keys(own)) expect(value(plan, 'IOMeshCluster', path), path).toBeUndefined();
    const older = planned(
      worldWith([management], { config: { iomeshVersion: '1.0', rules: { IOM004: 'off' } } }),
    );
    for (const path of Object.keys({ ...shared, ...own }))
      expect(value(older, 'IOMeshCluster', path), path).toBeUndefined();
  });

  it('places the redirector at 1.0 only', () => {
    const placed = (config: Partial<Config>) => {
      const plan = planned(worldWith([], { config, without: POOL_OBJECTS }));
      return ['meta', 'chunk', 'redirector'].filter(
        (each) => value(plan, 'IOMeshCluster', requiredOf(`spec.${each}.podPolicy`)) !== undefined,
      );
    };
    expect(placed({})).toEqual(['meta', 'chunk', 'redirector']);
    expect(placed({ iomeshVersion: '1.1' })).toEqual(['meta', 'chunk']);
  });

  it('copies the parameters of the class of the chart if no other class serves the management cluster', () => {
    const ofChart = resourceOf({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'iomesh-csi-driver' },
      provisioner: 'com.iomesh.csi-driver',
      parameters: { 'csi.storage.k8s.io/fstype': 'xfs', replicaFactor: '3', thinProvision: 'true' },
    });
    const config: Partial<Config> = { iomeshVersion: '1.2' };
    const world = worldWith([ofChart], { config, without: [...POOL_OBJECTS, MANAGEMENT_CLASS] });
    expect(object(planned(world), 'StorageClass').json['parameters']).toEqual({
      'csi.storage.k8s.io/fstype': 'xfs',
      replicaFactor: '3',
      thinProvision: 'true',
      iomeshCluster: 'iomesh-cluster-2/iomesh-cluster-2',
    });
  });

  it('plans a pool next to a management cluster without node selection from 1.1 on, with a note', () => {
    const nowhere: Record<string, undefined> = { 'spec.pod': undefined };
    for (const owner of ['meta', 'chunk', 'redirector']) nowhere[`spec.${owner}.podPolicy`] = undefined;
    const world = worldWith(
      [edited(given(MANAGEMENT), nowhere), edited(given(MANAGEMENT_ZOOKEEPER), { 'spec.pod': undefined })],
      { config: { iomeshVersion: '1.1' }, without: POOL_OBJECTS },
    );
    expect(planned(world).notes.join()).toContain('IOM102 affinity-missing');
  });

  it('notes at 1.2 that a single cluster cannot become one of several', () => {
    const note = 'install several clusters from the start';
    const notes = (config: Partial<Config>, without: readonly string[] = []) =>
      planned(worldWith([], { config, without })).notes.join();
    expect(notes({ iomeshVersion: '1.2' }, POOL_OBJECTS)).toContain(note);
    expect(notes({ iomeshVersion: '1.2' })).not.toContain(note);
    expect(notes({ iomeshVersion: '1.1' }, POOL_OBJECTS)).not.toContain(note);
  });

  it('plans three chunk pods from 1.1 on if no edition is set', () => {
    const untagged: Record<string, undefined> = {};
    for (const owner of ['meta', 'chunk', 'redirector']) untagged[`spec.${owner}.image.tag`] = undefined;
    const config: Partial<Config> = { iomeshVersion: '1.1' };
    const world = worldWith([edited(given(MANAGEMENT), untagged)], { config, without: POOL_OBJECTS });
    const nodes = [...NODES, 'k8s-worker-9'];
    expect(value(planned(world, { nodes }), 'IOMeshCluster', 'spec.chunk.replicas')).toBe(3);
  });

  it('plans one chunk pod per node, three for the Community edition, or the requested number', () => {
    const nodes = [...NODES, 'k8s-worker-9'];
    const replicas = (world: World, rest: Partial<PoolRequest> = {}) =>
      value(planned(world, { nodes, ...rest }), 'IOMeshCluster', 'spec.chunk.replicas');
    expect(replicas(worldWith())).toBe(4);
    expect(replicas(worldWith(), { chunkReplicas: 3 })).toBe(3);
    const tags: Record<string, string> = {};
    for (const owner of ['meta', 'chunk', 'redirector'])
      tags[`spec.${owner}.image.tag`] = 'v5.3.0-rc13-community';
    expect(replicas(worldWith([edited(given(MANAGEMENT), tags)], { without: POOL_OBJECTS }))).toBe(3);
  });

  it('uses the hostname label of a node when it differs from the name', () => {
    const odd = node('worker-6.example', { 'kubernetes.io/hostname': 'worker-6' });
    const nodes = ['worker-6.example', 'k8s-worker-7', 'k8s-worker-8'];
    const plan = planned(worldWith([...fleet(), odd]), { nodes });
    expect(JSON.stringify(object(plan, 'IOMeshCluster').json)).toContain('["worker-6","k8s-worker-7"');
  });

  it('omits a namespace that exists, with a note', () => {
    const namespace = resourceOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'storage' } });
    const plan = planned(worldWith([namespace]), { namespace: 'storage' });
    expect(plan.objects.map(({ kind }) => kind)).not.toContain('Namespace');
    expect(plan.notes.join()).toContain('namespace storage already exists');
    expect(value(plan, 'StorageClass', 'parameters.iomeshCluster')).toBe('storage/iomesh-cluster-2');
  });

  it('notes what was not checked and the warnings of the pool', () => {
    expect(planned(worldWith()).notes.join()).toContain('names were not checked');
    const master = node('k8s-master-0', { 'node-role.kubernetes.io/control-plane': '' });
    const plan = planned(worldWith([...fleet(8), master]), {
      nodes: ['k8s-worker-6', 'k8s-worker-7', 'k8s-master-0'],
    });
    expect(plan.notes).toContain('node k8s-master-0 belongs to the control plane');
    expect(plan.notes.join()).toContain('IOM707');
  });
});

describe('planPool refuses', () => {
  it('claimed nodes, and names the holders and the free nodes', () => {
    const text = textOf(
      refused(worldWith(fleet()), { nodes: ['k8s-worker-2', 'k8s-worker-5', 'k8s-worker-6'] }),
    );
    expect(text).toContain(
      '"k8s-worker-2" is claimed by iomesh-system/iomesh (chunk, meta, redirector, zookeeper)',
    );
    expect(text).toContain('"k8s-worker-5" is claimed by iomesh-cluster-1/iomesh-cluster-1');
    expect(text).toContain('free nodes: k8s-worker-7,k8s-worker-8,k8s-worker-9');
    expect(text.match(/free nodes:/g)).toHaveLength(1);
  });

  it('nodes that are claimed by a label when labels are known', () => {
    const labelled = fleet().map((each, index) =>
      index < 3
        ? edited(each, { 'metadata.labels': { 'kubernetes.io/hostname': each.ref.name, pool: 'a' } })
        : each,
    );
    const byLabel = {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['a'] }] }],
    };
    const edits: Record<string, Json> = {};
    for (const owner of ['meta', 'chunk', 'redirector'])
      edits[requiredOf(`spec.${owner}.podPolicy`)] = byLabel;
    const world = worldWith([
      ...labelled,
      edited(given(MANAGEMENT), edits),
      edited(given(MANAGEMENT_ZOOKEEPER), { [requiredOf('spec.pod')]: byLabel }),
    ]);
    const text = textOf(refused(world, { nodes: ['k8s-worker-1', 'k8s-worker-6', 'k8s-worker-7'] }));
    expect(text).toContain('"k8s-worker-1" is claimed by iomesh-system/iomesh');
  });

  it('nodes that the configuration reserves for another pool, but not those of this pool', () => {
    const pools = { 'later/later': { 'kubernetes.io/hostname': ['k8s-worker-6'] } };
    const text = textOf(refused(worldWith(fleet(), { config: { pools } })));
    expect(text).toContain('"k8s-worker-6" is claimed by later/later (a pool of the configuration)');
    expect(text).toContain('free nodes: k8s-worker-9');
    const own = { 'iomesh-cluster-2/iomesh-cluster-2': { 'kubernetes.io/hostname': NODES } };
    expect(planned(worldWith(fleet(), { config: { pools: own } })).objects).toHaveLength(5);
  });

  it('unknown nodes, with the most similar name', () => {
    const text = textOf(
      refused(worldWith(fleet()), { nodes: ['k8s-woker-6', 'k8s-worker-7', 'elsewhere', 'k8s-wroker-2'] }),
    );
    expect(text).toContain('node "k8s-woker-6" not found; did you mean k8s-worker-6?');
    expect(text).toContain('did you mean k8s-worker-2 (not free)?');
    expect(text).toMatch(/node "elsewhere" not found \|/);
  });

  it('too few nodes, no nodes, and a node named twice', () => {
    const world = worldWith(fleet());
    expect(textOf(refused(world, { nodes: NODES.slice(1) }))).toMatch(
      /3 meta, 3 chunk and 3 ZooKeeper pods need 3 nodes, .* names 2 \| free nodes: k8s-worker-6,k8s-worker-9/,
    );
    expect(textOf(refused(world, { metaReplicas: 5 }))).toContain('need 5 nodes');
    expect(textOf(refused(world, { chunkReplicas: 4 }))).toContain('need 4 nodes');
    expect(textOf(refused(world, { nodes: [] }))).toContain('free nodes: k8s-worker-6,k8s-worker-7,');
    expect(textOf(refused(world, { nodes: [...NODES, NODES[0]!] }))).toContain('k8s-worker-6 more than once');
    expect(textOf(refused(world, { nodes: [...NODES, ''] }))).toContain('contains an empty name');
  });

  it('a pool without nodes, and says that no node is free when none is', () => {
    expect(textOf(refused(worldWith(fleet(6)), { nodes: [] }))).toContain('no node is free');
  });

  it.each([
    ['Pool', 'capital letter'],
    ['1pool', 'starts with a digit'],
    ['pool.one', 'a dot'],
    ['pool-', 'hyphen'],
    ['pool_1', 'contains a character'],
    ['a'.repeat(41), '41 characters'],
    ['__proto__', 'contains a character'],
  ])('the name %j', (name, words) => {
    expect(textOf(refused(worldWith(fleet()), { name, namespace: 'pool' }))).toContain(words);
  });

  it.each(['Storage', 'a.b', '-a', '', 'a'.repeat(64), 'a/b', '../x'])('the namespace %j', (namespace) => {
    expect(textOf(refused(worldWith(fleet()), { namespace }))).toContain(
      'is not a valid name of a namespace',
    );
  });

  it('an invalid data network', () => {
    for (const dataCidr of ['10.0.0.1/24', 'net', '', '10.0.0.0/40'])
      expect(textOf(refused(worldWith(fleet()), { dataCidr })), dataCidr).toContain('is not a network');
  });

  it('a pool with an object that exists, or a namespace that has another cluster', () => {
    const world = worldWith(fleet());
    const text = textOf(refused(world, { name: 'iomesh-cluster-1' }));
    expect(text).toContain('IOMeshCluster iomesh-cluster-1/iomesh-cluster-1');
    expect(text).toContain('already exist');
    expect(textOf(refused(world, { name: 'iomesh-default' }))).toContain(
      'StorageClass iomesh-default already exists',
    );
    expect(textOf(refused(world, { namespace: 'iomesh-system' }))).toContain('can have only one');
  });

  it('a world without the management cluster, and proposes the likely one', () => {
    const alone = textOf(refused(worldWith([], { without: [MANAGEMENT] })));
    expect(alone).toContain('management cluster iomesh-system/iomesh not found');
    expect(alone).not.toContain('managementCluster: iomesh-cluster-1');
    const renamed = { namespace: 'storage', name: 'iomesh' };
    const other = textOf(refused(worldWith([], { config: { managementCluster: renamed } })));
    expect(other).toContain('managementCluster: iomesh-system/iomesh');
  });

  it('a management cluster without ZookeeperCluster or clusterId', () => {
    const text = textOf(refused(worldWith([], { without: [MANAGEMENT_ZOOKEEPER] })));
    expect(text).toContain(
      'ZookeeperCluster iomesh-system/iomesh-zookeeper of the management cluster not found',
    );
    const none = worldWith([], { without: [MANAGEMENT_CONNECTION, POOL_CONNECTION] });
    expect(textOf(refused(none))).toContain('the clusterId is unknown');
    expect(textOf(refused(none))).toContain('set iomeshVersion');
    const blank = worldWith([written(MANAGEMENT_CONNECTION, { 'data.clusterId': ' ' })]);
    expect(textOf(refused(blank))).toContain('ConfigMap iomesh-system/iomesh-csi-configmap has no clusterId');
  });

  it('a pool that introduces an error on another cluster', () => {
    const edits: Record<string, undefined> = {};
    for (const owner of ['meta', 'chunk', 'redirector']) edits[`spec.${owner}.podPolicy`] = undefined;
    const world = worldWith(
      [edited(given(MANAGEMENT), edits), edited(given(MANAGEMENT_ZOOKEEPER), { 'spec.pod': undefined })],
      { without: POOL_OBJECTS },
    );
    expect(judge(world).findings.map(({ code }) => code)).not.toContain('IOM102');
    expect(textOf(refused(world))).toMatch(
      /the pool would introduce IOM102 .* on IOMeshCluster iomesh-system\/iomesh/,
    );
  });

  it('a pool that would copy an error of the management cluster', () => {
    const faulty = written(MANAGEMENT, { 'spec.meta.image.pullPolicy': 'ifNotPresent' });
    expect(textOf(refused(worldWith([faulty])))).toContain('the pool would introduce IOM405 ');
  });

  it('no pool for an error of the management cluster that it does not copy', () => {
    const faulty = written(MANAGEMENT, { 'spec.meta.replicas': 2 });
    expect(planned(worldWith([faulty])).notes.join()).toContain(
      'management cluster iomesh-system/iomesh already has errors, which the pool may copy: IOM603',
    );
  });

  it('a pool for several reasons at once', () => {
    const text = textOf(
      refused(worldWith(fleet()), { name: 'Pool', namespace: 'iomesh-system', nodes: ['x'] }),
    );
    for (const words of ['capital letter', 'can have only one', 'node "x" not found'])
      expect(text).toContain(words);
  });
});

describe('planPool', () => {
  it('lists free nodes in numeric order', () => {
    const world = World.of({
      resources: [given(MANAGEMENT), given(MANAGEMENT_ZOOKEEPER), given(MANAGEMENT_CONNECTION), ...fleet(40)],
      config: DEFAULT_CONFIG,
      today: '2026-11-23',
    });
    expect(textOf(refused(world, { nodes: [] }))).toMatch(
      /free nodes: k8s-worker-3,k8s-worker-4,.*k8s-worker-10.* and 25 more/,
    );
  });

  it('refuses a claimed node when no nodes are known', () => {
    const text = textOf(refused(worldWith(), { nodes: ['k8s-worker-0', 'x', 'y'] }));
    expect(text).toContain('"k8s-worker-0" is claimed by iomesh-system/iomesh');
  });
});
