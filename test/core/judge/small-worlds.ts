/** Random worlds of a few small objects, dense in the faults of some sections, and random changes of them. */
import fc from 'fast-check';
import { load } from 'js-yaml';
import { type Config, DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import type { Json, JsonObject } from '../../../src/core/base/json.ts';
import { type Change, toResource } from '../../../src/core/base/model.ts';
import { World } from '../../../src/core/world.ts';
import { baseDocuments } from '../../cases/harness.ts';
import { mutationOf } from '../../support/hostile-json.ts';
import {
  cluster as placedCluster,
  nodeResource,
  resourcesOf,
  toWorld,
  worldSpec,
} from '../../support/placement-worlds.ts';
import type { Scenario } from './worlds.ts';

const CLUSTERS = ['iomesh-system/iomesh', 'pool-a/fast', 'pool-b/slow'];

function named(id: string): JsonObject {
  const [namespace, name] = id.split('/');
  return { namespace: namespace!, name: name! };
}

const optional = (value: string | undefined, key: string) => (value === undefined ? {} : { [key]: value });

const mesh = (id: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'iomesh.com/v1alpha1',
  kind: 'IOMeshCluster',
  metadata: named(id),
  spec,
});

const storageClass = (name: string, top: JsonObject, parameters: JsonObject): JsonObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'com.iomesh.csi-driver',
  ...top,
  parameters,
});

/** A connection ConfigMap of one of some names. */
function connection(...ids: string[]): fc.Arbitrary<JsonObject> {
  return fc
    .record({
      id: fc.constantFrom(...ids),
      clusterId: fc.constantFrom('x', 'x', 'y', 'z', '', '<id>', undefined),
      iscsiPortal: fc.constantFrom('127.0.0.1:3260', '127.0.0.1:1', undefined),
      metaAddr: fc.constantFrom(
        'iomesh-meta-client.iomesh-system.svc.cluster.local:10100',
        'fast-meta-client.pool-a.svc.cluster.local:10100',
        'fast-meta-client.pool-a.svc.cluster.local:10100.',
        'slow-meta-client.pool-b.svc.cluster.local:10100',
        'slow-meta-client.pool-a.svc.cluster.local:10100',
        'nonsense',
        undefined,
      ),
    })
    .map(({ id, ...keys }): JsonObject => {
      const data = Object.entries(keys).map(([key, value]) => optional(value, key));
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: named(id), data: Object.assign({}, ...data) };
    });
}

/** A cluster with the fields of section devices. */
const clusterWithDevices = fc
  .record({
    id: fc.constantFrom(...CLUSTERS),
    namespace: fc.constantFrom('iomesh-system', 'pool-a', undefined),
    mode: fc.constantFrom('hybridFlash', 'allFlash', undefined),
    mounts: fc.subarray(['cacheWithJournal', 'dataStore', 'dataStoreWithJournal', 'rawCache', 'datastore']),
    cidrs: fc.tuple(
      fc.constantFrom('10.0.0.0/24', '10.0.0.1/24', 'x'),
      fc.constantFrom('10.0.0.0/24', '10.1.0.0/24'),
    ),
  })
  .map(({ id, namespace, mode, mounts, cidrs }) =>
    mesh(id, {
      ...optional(mode, 'diskDeploymentMode'),
      chunk: {
        dataCIDR: cidrs[0],
        devicemanager: { image: { repository: 'a' }, ...optional(namespace, 'blockDeviceNamespace') },
        deviceMap: Object.fromEntries(mounts.map((type) => [type, {}])),
      },
      redirector: { dataCIDR: cidrs[1] },
    }),
  );

const classOfConnection = fc
  .record({
    name: fc.constantFrom('fast', 'slow'),
    clusterConnection: fc.constantFrom('pool-a/link', 'pool-b/link', 'else/link', undefined),
  })
  .map(({ name, clusterConnection }) =>
    storageClass(name, {}, optional(clusterConnection, 'clusterConnection')),
  );

const placedAt = (nodeSelectorTerms: Json): JsonObject => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});

const tag = fc.constantFrom('v1', 'v1', 'v1-community', 'v2', undefined);

/** A cluster with the fields of section images. */
const clusterWithImages = fc
  .record({
    id: fc.constantFrom(...CLUSTERS),
    tags: fc.tuple(tag, tag, tag, tag),
    registry: fc.constantFrom('iomesh', 'iomesh', 'mirror.example/iomesh', ''),
    edition: fc.constantFrom(undefined, '', 'community', 'enterprise'),
    pullPolicy: fc.constantFrom(undefined, 'Always', 'always'),
  })
  .map(({ id, tags, registry, edition, pullPolicy }) => {
    const image = (index: number, name: string) => ({
      image: {
        repository: registry === '' ? '' : `${registry}/${name}`,
        ...optional(tags[index], 'tag'),
        ...optional(pullPolicy, 'pullPolicy'),
      },
    });
    return mesh(id, {
      meta: image(0, 'zbs-metad'),
      chunk: image(1, 'zbs-chunkd'),
      redirector: image(2, 'zbs-iscsi-redirectord'),
      probe: image(3, 'operator-probe'),
      ...optional(edition, 'edition'),
    });
  });

const zookeeper = fc
  .record({
    id: fc.constantFrom(...CLUSTERS),
    repository: fc.constantFrom('zookeeper', 'mirror/zookeeper', ''),
    replicas: fc.constantFrom(1, 3, '3', undefined),
    terms: fc.constantFrom<Json | undefined>([{}], undefined),
  })
  .map(
    ({ id, repository, replicas, terms }): JsonObject => ({
      apiVersion: 'zookeeper.pravega.io/v1beta1',
      kind: 'ZookeeperCluster',
      metadata: named(`${id}-zookeeper`),
      spec: {
        image: { repository },
        ...(replicas === undefined ? {} : { replicas }),
        ...(terms === undefined ? {} : { pod: placedAt(terms) }),
      },
    }),
  );

const reference = (...right: string[]) =>
  fc.constantFrom(...right, ...right, 'no-namespace', 'gone/gone', undefined);

const classWithParameters = fc
  .record({
    name: fc.constantFrom('fast', 'slow', 'iomesh-csi-driver'),
    connection: reference('iomesh-system/link', 'pool-a/link', 'pool-b/link'),
    cluster: reference(...CLUSTERS),
    key: fc.constantFrom('iomeshCluster', 'iomeshCluster', 'iomeshcluster'),
    replicaFactor: fc.constantFrom('2', '1', undefined),
    reclaimPolicy: fc.constantFrom(undefined, 'Retain', 'Delete'),
    top: fc.constantFrom(undefined, 'Retain', 'Delete'),
  })
  .map((each) =>
    storageClass(each.name, optional(each.top, 'reclaimPolicy'), {
      ...optional(each.connection, 'clusterConnection'),
      ...optional(each.cluster, each.key),
      ...optional(each.replicaFactor, 'replicaFactor'),
      ...optional(each.reclaimPolicy, 'reclaimPolicy'),
    }),
  );

/** Worlds of some kinds of objects, one of each name, of which one is created, changed or deleted. */
function scenariosOf(
  kinds: readonly { readonly json: fc.Arbitrary<JsonObject>; readonly weight: number }[],
  iomeshVersion: Config['iomeshVersion'] = '1.0',
): fc.Arbitrary<Scenario> {
  const objects = fc.tuple(...kinds.map(({ json }) => fc.array(json, { maxLength: 8 })));
  const subject = fc.oneof(...kinds.map(({ json, weight }) => ({ weight, arbitrary: json })));
  return fc
    .tuple(objects, subject, fc.boolean())
    .map(([lists, json, removes]): Scenario | undefined => {
      const all = lists.flat().map((each) => toResource(each)!);
      const resources = all.filter(({ key }, index) => all.findIndex((each) => each.key === key) === index);
      const config = { ...DEFAULT_CONFIG, iomeshVersion };
      const world = World.of({ resources, config, today: '2026-11-23' });
      const after = toResource(json)!;
      const before = world.getByKey(after.key);
      if (removes) return before === undefined ? undefined : { world, change: { before } };
      return { world, change: before === undefined ? { after } : { before, after } };
    })
    .filter((each) => each !== undefined);
}

/** Connection ConfigMaps, clusters with devices, and the classes that name the ConfigMaps. */
export const connectionScenarios = scenariosOf([
  {
    weight: 3,
    json: connection('iomesh-system/link', 'iomesh-system/second', 'pool-a/link', 'pool-b/link', 'else/link'),
  },
  { weight: 2, json: clusterWithDevices },
  { weight: 1, json: classOfConnection },
]);

/** Clusters with images, their ZooKeepers and ConfigMaps, and classes with all parameters. */
export const storageScenarios = (iomeshVersion: Config['iomeshVersion']) =>
  scenariosOf(
    [
      { weight: 1, json: clusterWithImages },
      { weight: 1, json: zookeeper },
      { weight: 1, json: connection('iomesh-system/link', 'pool-a/link', 'pool-b/link') },
      { weight: 1, json: classWithParameters },
    ],
    iomeshVersion,
  );

const BASE: readonly JsonObject[] = [...baseDocuments().values()].map((text) => load(text) as JsonObject);

/** The correct set with arbitrary JSON in some places, and one more of its objects changed so. */
export const mutatedScenarios: fc.Arbitrary<Scenario> = fc
  .tuple(fc.array(mutationOf(BASE), { maxLength: 6 }), mutationOf(BASE))
  .map(([mutated, json]): Scenario | undefined => {
    // A stored object has a name.
    const resources = [...mutated, ...BASE]
      .flatMap((each) => toResource(each) ?? [])
      .filter(({ ref }) => ref.name !== '');
    const after = toResource(json);
    if (after === undefined || after.ref.name === '') return undefined;
    const world = World.of({ resources, today: '2026-11-23' });
    const before = world.getByKey(after.key);
    return { world, change: before === undefined ? { after } : { before, after } };
  })
  .filter((each) => each !== undefined);

const placementChange = worldSpec.chain((spec) =>
  fc.record({
    spec: fc.constant(spec),
    other: fc.integer({ min: 0, max: spec.clusters.length }).chain(placedCluster),
    pick: fc.nat(),
    kind: fc.constantFrom('put', 'put', 'delete', 'node', 'no node'),
  }),
);

/** Clusters with node selectors and Nodes, of which one is created, changed or deleted. */
export const placementScenarios: fc.Arbitrary<Scenario> = placementChange
  .map(({ spec, other, pick, kind }) => {
    const world = toWorld(spec, true);
    const change = (): Change | undefined => {
      if (kind === 'node' || kind === 'no node') {
        const node = spec.nodes?.[pick % spec.nodes.length];
        if (node === undefined) return undefined;
        const before = world.get('Node', undefined, node.name)!;
        const labels = { ...node.labels, zone: 'b', disk: 'ssd' };
        return kind === 'no node' ? { before } : { before, after: nodeResource({ ...node, labels }) };
      }
      const candidates = kind === 'put' ? resourcesOf(other) : spec.clusters.flatMap(resourcesOf);
      const chosen = candidates[pick % Math.max(1, candidates.length)];
      const before = chosen && world.getByKey(chosen.key);
      if (kind === 'delete') return before && { before };
      return chosen && (before === undefined ? { after: chosen } : { before, after: chosen });
    };
    return { world, change: change() };
  })
  .filter((each): each is Scenario => each.change !== undefined);
