/** Small universes: a few objects of each kind, with the fields that the rules between objects compare. */
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import type { IomeshVersion } from '../../src/core/base/iomesh-version.ts';
import type { Json, JsonObject } from '../../src/core/base/json.ts';
import {
  edited,
  given,
  hostnames,
  MANAGEMENT,
  MANAGEMENT_CONNECTION,
  MANAGEMENT_ZOOKEEPER,
  node,
  POOL,
  POOL_CLASS,
  POOL_CONNECTION,
  POOL_ZOOKEEPER,
  requiredOf,
} from '../core/defaults/world.ts';
import { TODAY, type Universe, type UniverseField, type UniverseObject } from './explore.ts';

type Edits = Readonly<Record<string, Json | undefined>>;

const PLACES = ['meta', 'chunk', 'redirector'].map((each) => `spec.${each}.podPolicy`);
const TAGGED = ['meta', 'chunk', 'redirector'].map((each) => `spec.${each}.image.tag`);

const A = hostnames('k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2');
const B = hostnames('k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5');

/** The management cluster. */
const M = MANAGEMENT;

/** An object of the correct set under other names: `fast` in the namespace `storage`, which do not name IOMesh. */
function pool(key: string, namespace = 'storage', name = 'fast'): JsonObject {
  const text = JSON.stringify(given(key).json)
    .replaceAll('"namespace":"iomesh-cluster-1"', `"namespace":"${namespace}"`)
    .replaceAll('iomesh-cluster-1.svc', `${namespace}.svc`)
    .replaceAll('"iomesh-cluster-1/', `"${namespace}/`)
    .replaceAll('iomesh-cluster-1', name);
  return JSON.parse(text);
}

function object(
  json: JsonObject,
  fields: readonly UniverseField[] = [],
  more: Partial<UniverseObject> = {},
): UniverseObject {
  return { json, fields, finalizer: false, fixed: false, isClock: false, ...more };
}

const of = (key: string, edits: Edits = {}): JsonObject => edited(given(key), edits).json;

const with1 = (json: JsonObject, edits: Edits): JsonObject =>
  edited({ ...given(MANAGEMENT), json }, edits).json;

function field(paths: string | readonly string[], values: UniverseField['values']): UniverseField {
  return { paths: typeof paths === 'string' ? [paths] : paths, values };
}

const nodesOf = (path: string, values: UniverseField['values']) => field(requiredOf(path), values);
const allNodes = (values: UniverseField['values']) => field(PLACES.map(requiredOf), values);

function namespace(name: string): UniverseObject {
  return object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, [], { fixed: true });
}

/** The namespaces of a universe exist from the beginning. */
function universe(
  name: string,
  iomeshVersion: IomeshVersion,
  objects: readonly UniverseObject[],
  starts: readonly (readonly UniverseObject[])[] = [[]],
  aged = false,
): Universe {
  const named = new Set(
    objects
      .map(({ json }) => json['metadata'] as JsonObject)
      .flatMap(({ namespace: each }) => (typeof each === 'string' ? [each] : [])),
  );
  for (const { json } of objects)
    if (json['kind'] === 'Namespace') named.delete(String((json['metadata'] as JsonObject)['name']));
  return {
    name: `${name}, ${iomeshVersion}`,
    config: { ...DEFAULT_CONFIG, iomeshVersion },
    objects: [...[...named].sort().map(namespace), ...objects],
    starts,
    aged,
  };
}

/** Who may be where: a cluster with its ZooKeeper beside another one. */
function placement(version: IomeshVersion): Universe {
  const management = object(of(M), [allNodes({ A, B, 'no affinity': undefined })], { finalizer: true });
  const cluster = object(pool(POOL), [allNodes({ B, A, 'no affinity': undefined })]);
  const zookeeper = object(pool(POOL_ZOOKEEPER), [
    nodesOf('spec.pod', { B, A, 'no affinity': undefined }),
    field('spec.image.repository', {
      'image of IOMesh': 'iomesh/zookeeper',
      mirrored: 'mirror.corp/zookeeper',
    }),
    field('spec.replicas', { '3 replicas': 3, '2 replicas': 2 }),
  ]);
  return universe('placement', version, [MANAGEMENT_ZK, management, cluster, zookeeper], [[], [management]]);
}

/** Nodes that join, leave and are relabelled. */
function nodes(version: IomeshVersion): Universe {
  const hosts = (...numbers: number[]) => hostnames(...numbers.map((each) => `k8s-worker-${each}`));
  const zone = (value: string) => ({
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [value] }] }],
  });
  const management = object(of(M), [allNodes({ 'hosts 0, 1, 2': hosts(0, 1, 2), 'zone a': zone('a') })]);
  const cluster = object(pool(POOL), [
    allNodes({ 'hosts 3, 4, 5': hosts(3, 4, 5), 'hosts 2, 3, 4': hosts(2, 3, 4), 'zone b': zone('b') }),
  ]);
  const label = field('metadata.labels.zone', { 'zone a': 'a', 'zone b': 'b', 'no zone': undefined });
  const each = [0, 1, 2, 3, 4, 5, 6].map((number) =>
    object(node(`k8s-worker-${number}`, { zone: number < 3 ? 'a' : 'b' }).json, number === 2 ? [label] : [], {
      fixed: number !== 2 && number !== 3,
    }),
  );
  return universe('nodes', version, [management, cluster, ...each], [[], [each[2]!, each[3]!]]);
}

/** The ZookeeperClusters, where no request is about them. */
const MANAGEMENT_ZK = object(of(MANAGEMENT_ZOOKEEPER), [], { fixed: true });
const POOL_ZK = object(pool(POOL_ZOOKEEPER), [], { fixed: true });

const MANAGEMENT_ADDRESS = 'iomesh-meta-client.iomesh-system.svc.cluster.local:10100';
const POOL_ADDRESS = 'fast-meta-client.storage.svc.cluster.local:10100';

/** Which ConfigMap has the right clusterId. */
function connections(version: IomeshVersion): Universe {
  const clusterId = field('data.clusterId', { x: 'x', y: 'y' });
  const management = object(of(MANAGEMENT_CONNECTION), [clusterId], { finalizer: true });
  const ofPool = object(pool(POOL_CONNECTION), [
    field('data.clusterId', { x: 'x', y: 'y', 'no clusterId': undefined }),
    field('data.metaAddr', { 'of the pool': POOL_ADDRESS, 'of the management cluster': MANAGEMENT_ADDRESS }),
  ]);
  const stranger = object(
    with1(of(MANAGEMENT_CONNECTION), { 'metadata.name': 'link', 'metadata.namespace': 'aaa' }),
    [field('data.clusterId', { y: 'y', x: 'x' })],
  );
  const cluster = object(of(M));
  return universe(
    'connections',
    version,
    [MANAGEMENT_ZK, management, ofPool, stranger, cluster],
    [[], [cluster]],
    true,
  );
}

/** What a StorageClass names. */
function classes(version: IomeshVersion): Universe {
  const management = object(of(M), [], { finalizer: true });
  const cluster = object(pool(POOL), [], { finalizer: true });
  const connection = object(pool(POOL_CONNECTION), [
    field('data', {
      complete: (pool(POOL_CONNECTION)['data'] ?? {}) as Json,
      misspelt: { clusterID: 'k8s-cluster', iscsiportal: '127.0.0.1:3260' },
      'of the management cluster': {
        clusterId: 'k8s-cluster',
        iscsiPortal: '127.0.0.1:3260',
        metaAddr: MANAGEMENT_ADDRESS,
      },
    }),
  ]);
  const storageClass = object(pool(POOL_CLASS), [
    field('parameters.clusterConnection', {
      'its ConfigMap': 'storage/fast-csi-configmap',
      'no ConfigMap': undefined,
    }),
    field('parameters.iomeshCluster', {
      'its cluster': 'storage/fast',
      'the management cluster': 'iomesh-system/iomesh',
      'no cluster': undefined,
    }),
  ]);
  return universe(
    'classes',
    version,
    [MANAGEMENT_ZK, POOL_ZK, management, cluster, connection, storageClass],
    [[], [management], [management, cluster]],
  );
}

/** Images, editions and where devices are. */
function images(version: IomeshVersion): Universe {
  const tags = field(TAGGED, {
    'old tags': 'v5.3.0-rc13-enterprise',
    'new tags': 'v5.4.0-rc3-enterprise',
    'no tags': undefined,
  });
  const edition = field('spec.edition', {
    'no edition': undefined,
    enterprise: 'enterprise',
    community: 'community',
  });
  const fields = version === '1.0' ? [tags] : [tags, edition];
  const management = object(of(M), fields);
  const cluster = object(pool(POOL), fields);
  const devices = field('spec.chunk.devicemanager.blockDeviceNamespace', {
    'devices of the management cluster': 'iomesh-system',
    'devices of its own': 'other',
  });
  const second = object(
    with1(
      pool(POOL, 'other', 'slow'),
      Object.fromEntries(PLACES.map((each) => [requiredOf(each), hostnames('n6', 'n7', 'n8')])),
    ),
    [devices],
  );
  return universe('images', version, [management, cluster, second]);
}

/** Where the block devices are, and which cluster acts as the management cluster. */
function devices(version: IomeshVersion): Universe {
  const key = 'spec.chunk.devicemanager.blockDeviceNamespace';
  const management = object(of(M), [], { finalizer: true });
  const first = object(pool(POOL), [
    field(key, { 'devices of its own': 'storage', 'devices of the management cluster': 'iomesh-system' }),
  ]);
  const second = object(
    with1(
      pool(POOL, 'other', 'slow'),
      Object.fromEntries(PLACES.map((each) => [requiredOf(each), hostnames('n6', 'n7', 'n8')])),
    ),
    [
      field(key, {
        'devices of the first': 'storage',
        'devices of the management cluster': 'iomesh-system',
        'devices of its own': 'other',
      }),
    ],
    { finalizer: true },
  );
  return universe('devices', version, [management, first, second]);
}

/** Names, and two clusters in one namespace. */
function names(version: IomeshVersion): Universe {
  const spread = (json: JsonObject, first: number) =>
    with1(
      json,
      Object.fromEntries(
        PLACES.map((each) => [requiredOf(each), hostnames(...[0, 1, 2].map((next) => `n${first + next}`))]),
      ),
    );
  const ip = field('spec.redirector.iscsiVirtualIP', { 'no address': undefined, 'address 1': '10.0.0.1' });
  const management = object(of(M), [ip]);
  const beside = object(spread(pool(POOL, 'iomesh-system', 'second'), 10));
  const first = object(spread(pool(POOL), 20), [ip]);
  const second = object(spread(pool(POOL, 'storage', 'slow'), 30));
  const long = object(spread(pool(POOL, 'other', 'Fast_1'), 40));
  return universe('names', version, [management, beside, first, second, long], [[]], true);
}

/** Numbers of replicas, with the nodes that the pods may run on. */
function replicas(version: IomeshVersion): Universe {
  const management = object(of(M), [
    field('spec.meta.replicas', { '3 meta': 3, '5 meta': 5, '4 meta': 4 }),
    field('spec.chunk.replicas', { '3 chunks': 3, '5 chunks': 5, '2 chunks': 2 }),
  ]);
  const zookeeper = object(of(MANAGEMENT_ZOOKEEPER), [
    field('spec.replicas', { '3 servers': 3, '5 servers': 5, '2 servers': 2, 'no number': undefined }),
  ]);
  const each = [0, 1, 2].map((number) =>
    object(node(`k8s-worker-${number}`).json, [], { fixed: number > 0 }),
  );
  return universe('replicas', version, [management, zookeeper, ...each], [[each[0]!]]);
}

/** Deletions, at once and behind finalizers, and that of a namespace. */
function deletions(version: IomeshVersion): Universe {
  const management = object(of(M), [], { finalizer: true });
  const cluster = object(pool(POOL), [], { finalizer: true });
  const zookeeper = object(pool(POOL_ZOOKEEPER), []);
  const connection = object(pool(POOL_CONNECTION), [], { finalizer: true });
  const storageClass = object(pool(POOL_CLASS));
  const home = object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'storage' } });
  const all = [management, cluster, zookeeper, connection, storageClass, home];
  return universe('deletions', version, [MANAGEMENT_ZK, ...all], [[home], all]);
}

/** Volumes, which make a deletion a loss. */
function volumes(version: IomeshVersion): Universe {
  const volume: JsonObject = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv-1' },
    spec: {
      storageClassName: 'fast',
      claimRef: { namespace: 'default', name: 'db' },
      csi: { driver: 'com.iomesh.csi-driver', volumeHandle: 'v' },
    },
    status: { phase: 'Bound' },
  };
  const management = object(of(M));
  const cluster = object(pool(POOL), [], { finalizer: true });
  const connection = object(pool(POOL_CONNECTION));
  const storageClass = object(pool(POOL_CLASS));
  const all = [management, cluster, connection, storageClass];
  return universe('volumes', version, [MANAGEMENT_ZK, POOL_ZK, object(volume), ...all], [all]);
}

/** What all clusters of one Kubernetes cluster must have in common, from 1.1 on. */
function pinning(version: IomeshVersion): Universe {
  const policy = field('spec.cpuExclusiveOptions.cpuExclusivePolicy', {
    'no policy': undefined,
    kernel: 'kernelCpuIsolation',
    kubelet: 'kubeletCpuManager',
  });
  return universe('pinning', version, [
    MANAGEMENT_ZK,
    object(of(M), [policy], { finalizer: true }),
    object(pool(POOL), [policy]),
  ]);
}

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

/** The time, which ends waivers. */
function clock(...later: readonly string[]): UniverseObject {
  const days = [TODAY, ...later];
  return object(
    { ...CONFIG_MAP, metadata: { name: 'clock' }, data: { day: TODAY } },
    [field('data.day', Object.fromEntries(days.map((day) => [day, day])))],
    { isClock: true },
  );
}

/** An item of `metadata.ownerReferences`. */
function ownerOf(json: JsonObject, blockOwnerDeletion = false): JsonObject {
  const { name = '', uid = '' } = json['metadata'] as JsonObject;
  const { apiVersion = '', kind = '' } = json;
  return { apiVersion, kind, name, uid, ...(blockOwnerDeletion && { blockOwnerDeletion }) };
}

const withUid = (json: JsonObject, uid: string) => with1(json, { 'metadata.uid': uid });

/** Owners, with which the garbage collector deletes an object. */
function owners(version: IomeshVersion): Universe {
  const other = withUid({ ...CONFIG_MAP, metadata: { name: 'settings', namespace: 'iomesh-system' } }, 'u1');
  const gone = { ...ownerOf(other), name: 'gone', uid: 'u0' };
  const owned = field('metadata.ownerReferences', {
    'no owner': undefined,
    'a ConfigMap as owner': [ownerOf(other)],
    'a blocked ConfigMap as owner': [ownerOf(other, true)],
    'a missing owner': [gone],
  });
  const management = object(of(M), [owned], { finalizer: true });
  const cluster = withUid(pool(POOL), 'u2');
  const connectionMap = withUid(pool(POOL_CONNECTION), 'u3');
  const connection = object(connectionMap, [
    field('metadata.ownerReferences', {
      'no owner': undefined,
      'its cluster as owner': [ownerOf(cluster)],
      'its blocked cluster as owner': [ownerOf(cluster, true)],
    }),
  ]);
  return universe('owners', version, [
    MANAGEMENT_ZK,
    POOL_ZK,
    object(other),
    management,
    object(cluster, [
      field('metadata.ownerReferences', {
        'no owner': undefined,
        'its ConfigMap as owner': [ownerOf(connectionMap)],
      }),
    ]),
    connection,
    object(pool(POOL_CLASS)),
  ]);
}

const waived = (text: string) => ({ 'iomesh-guard.io/waive': text });

/** Waivers: an annotation that is added, removed and expires, and an exception of the configuration. */
function waivers(version: IomeshVersion): Universe {
  const management = object(of(M), [allNodes({ A })]);
  const first = object(pool(POOL), [allNodes({ B, A })]);
  const second = object(
    with1(pool(POOL, 'other', 'slow'), {
      ...Object.fromEntries(PLACES.map((each) => [requiredOf(each), hostnames('n6', 'n7', 'n8')])),
    }),
    [
      allNodes({ 'nodes of its own': hostnames('n6', 'n7', 'n8'), A }),
      field('metadata.annotations', { 'no waiver': undefined, 'IOM101 waived': waived('IOM101=x') }),
    ],
  );
  const connection = object(pool(POOL_CONNECTION), [
    field('data.iscsiPortal', { 'right portal': '127.0.0.1:3260', 'wrong portal': '127.0.0.1:3261' }),
    field('data.clusterId', { x: 'k8s-cluster', y: 'y' }),
    field('metadata.annotations', {
      'no waiver': undefined,
      'IOM202 waived for today': waived(`IOM202=x; until=${TODAY}`),
      'IOM201 waived': waived('IOM201=x'),
    }),
  ]);
  const reference = object(of(MANAGEMENT_CONNECTION));
  const { config, ...rest } = universe('waivers', version, [
    MANAGEMENT_ZK,
    POOL_ZK,
    clock('2026-11-24'),
    management,
    first,
    second,
    reference,
    connection,
  ]);
  const exception = { rule: 'IOM101', objects: ['IOMeshCluster/storage/fast'], reason: 'x', until: TODAY };
  return {
    ...rest,
    starts: [rest.objects.filter(({ isClock }) => isClock)],
    config: { ...config, waivers: { ...config.waivers, exceptions: [exception] } },
  };
}

/** All kinds and rules together: too large to look at every world. */
export function everything(version: IomeshVersion): Universe {
  const tags = field(TAGGED, { 'old tags': 'v5.3.0-rc13-enterprise', 'new tags': 'v5.4.0-rc3-enterprise' });
  const placed = (zone: string, ...numbers: number[]) => ({
    hosts: hostnames(...numbers.map((each) => `k8s-worker-${each}`)),
    'one zone': {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }],
    },
  });
  const deviceNamespace = field('spec.chunk.devicemanager.blockDeviceNamespace', {
    'devices of the management cluster': 'iomesh-system',
    'devices of its own': 'storage',
  });
  const counts = [
    field('spec.meta.replicas', { '3 meta': 3, '5 meta': 5 }),
    field('spec.chunk.replicas', { '3 chunks': 3, '5 chunks': 5, '4 chunks': 4 }),
  ];
  const clusterId = field('data.clusterId', { x: 'k8s-cluster', y: 'y', 'no clusterId': undefined });
  const address = field('data.metaAddr', {
    'of the pool': POOL_ADDRESS,
    'of the management cluster': MANAGEMENT_ADDRESS,
  });
  const portal = field('data.iscsiPortal', {
    'right portal': '127.0.0.1:3260',
    'wrong portal': '127.0.0.1:3261',
  });
  const annotation = field('metadata.annotations', {
    'no waiver': undefined,
    'IOM202 waived for today': waived(`IOM202=x; until=${TODAY}`),
    'IOM201 waived': waived('IOM201=x'),
  });
  const slow = (key: string) => pool(key, 'other', 'slow');
  const settings = withUid({ ...CONFIG_MAP, metadata: { name: 'settings', namespace: 'storage' } }, 'u1');
  const fast = withUid(pool(POOL), 'u2');
  const owned = (...by: readonly JsonObject[]) =>
    field('metadata.ownerReferences', {
      'no owner': undefined,
      ...Object.fromEntries(
        by.flatMap((each, index) => [
          [`owner ${index + 1}`, [ownerOf(each)]],
          [`owner ${index + 1}, blocked`, [ownerOf(each, true)]],
        ]),
      ),
    });
  const labelled = [0, 1, 2, 3, 4, 5, 6, 7].map((number) =>
    object(
      node(`k8s-worker-${number}`, { zone: number < 3 ? 'a' : 'b' }).json,
      [field('metadata.labels.zone', { 'zone a': 'a', 'zone b': 'b' })],
      { fixed: number > 3 },
    ),
  );
  const objects = [
    object(of(M), [tags, ...counts, allNodes(placed('a', 0, 1, 2))], { finalizer: true }),
    object(of(MANAGEMENT_ZOOKEEPER), [field('spec.replicas', { '3 servers': 3, '5 servers': 5 })]),
    object(of(MANAGEMENT_CONNECTION), [clusterId], { finalizer: true }),
    object(fast, [tags, deviceNamespace, ...counts, allNodes(placed('b', 3, 4, 5)), owned(settings)], {
      finalizer: true,
    }),
    object(settings),
    object(pool(POOL_ZOOKEEPER), [nodesOf('spec.pod', placed('b', 3, 4, 5))], { finalizer: true }),
    object(pool(POOL_CONNECTION), [clusterId, address, owned(fast, settings), portal, annotation]),
    object(pool(POOL_CLASS), [
      field('parameters.iomeshCluster', { 'its cluster': 'storage/fast', 'no cluster': undefined }),
    ]),
    object(slow(POOL), [tags, deviceNamespace, allNodes(placed('b', 5, 6, 7))]),
    object(slow(POOL_ZOOKEEPER), [nodesOf('spec.pod', placed('b', 5, 6, 7))]),
    object(slow(POOL_CONNECTION), [clusterId], { finalizer: true }),
    object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'storage' } }),
    object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } }),
    clock('2026-11-24'),
    ...labelled,
  ];
  const given = objects.filter(({ json, isClock }) => isClock || json['kind'] === 'Namespace');
  return universe('everything', version, objects, [[...given, ...labelled]], true);
}

/** Every universe for one release of IOMesh. Owners and waivers are the same in all. */
export function universesOf(version: IomeshVersion): readonly Universe[] {
  const each = [placement, nodes, connections, classes, images, devices, names, replicas, deletions, volumes];
  return [...each, ...(version === '1.0' ? [owners, waivers] : [pinning])].map((make) => make(version));
}
