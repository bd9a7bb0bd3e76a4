/** The objects of examples/two-clusters, a third cluster, and typical changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../deploy/objects.ts';
import type { Manifest } from '../../deploy/objects.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples/two-clusters');

/** The objects of one IOMesh cluster. */
export interface ClusterSet {
  readonly zookeeper: Manifest;
  readonly cluster: Manifest;
  readonly connection: Manifest;
  readonly storageClass: Manifest;
}

/** A copy of the management cluster, on k8s-worker-0 to 2. */
export function management(): ClusterSet {
  return read('management');
}

/** A copy of the pool, on k8s-worker-3 to 5. */
export function pool(): ClusterSet {
  return read('cluster-1');
}

/** Another pool, on k8s-worker-6 to 8. */
export function third(): ClusterSet {
  return poolNumber(2);
}

/** Pool `number`, on k8s-worker-3n to 3n + 2; the first is `pool()`. */
export function poolNumber(number: number): ClusterSet {
  return read('cluster-1', (text) =>
    text
      .replaceAll('iomesh-cluster-1', `iomesh-cluster-${number}`)
      .replaceAll('10.234.2.', `10.234.${number + 1}.`)
      .replace(/k8s-worker-([345])/g, (_, own: string) => `k8s-worker-${3 * (number - 1) + Number(own)}`),
  );
}

/** The objects of sets, each after those that it refers to. */
export function all(...sets: readonly ClusterSet[]): Manifest[] {
  return sets.flatMap(({ zookeeper, cluster, connection, storageClass }) => [
    zookeeper,
    cluster,
    connection,
    storageClass,
  ]);
}

/** Kind, name and namespace: the arguments of `get`. */
export function refOf({ kind, metadata }: Manifest): [kind: string, name: string, namespace?: string] {
  return metadata.namespace === undefined ? [kind, metadata.name] : [kind, metadata.name, metadata.namespace];
}

/** An object without metadata and status, and without what the apiserver fills in by its definition. */
export function contentOf(object: Manifest): object {
  const { metadata: _, status: __, ...content } = object;
  if (content['kind'] === 'IOMeshCluster' && content['spec'] !== undefined)
    return { ...content, spec: { ...OF_DEFINITION, ...content['spec'] } };
  return content;
}

/** The defaults in the definition of IOMeshCluster. */
export const OF_DEFINITION = { portOffset: -1 };

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** The terms of a required node affinity. */
export function affinity(...nodeSelectorTerms: readonly object[]): object {
  return { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } };
}

/** A term of one expression. */
export function term(key: string, operator: string, ...values: readonly string[]): object {
  return { matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }] };
}

/** Sets the pod policy of all components. ZooKeeper keeps its anti-affinity. */
export function placed(set: ClusterSet, policy: { affinity?: object; nodeSelector?: object }): ClusterSet {
  const { cluster, zookeeper } = set;
  for (const name of ['meta', 'chunk', 'redirector']) cluster['spec'][name].podPolicy = policy;
  const { podAntiAffinity } = zookeeper['spec'].pod.affinity;
  zookeeper['spec'].pod = { ...policy, affinity: { ...policy.affinity, podAntiAffinity } };
  return set;
}

/** An affinity for hostnames. */
export function on(...hostnames: readonly string[]): object {
  return affinity(term('kubernetes.io/hostname', 'In', ...hostnames));
}

/** A Node with labels. */
export function node(name: string, labels: Readonly<Record<string, string>> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  };
}

/** Sets the tag of the IOMesh images. */
export function tagged(set: ClusterSet, tag: string): ClusterSet {
  for (const name of ['meta', 'chunk', 'redirector']) set.cluster['spec'][name].image.tag = tag;
  return set;
}

/** The pool without all fields that have defaults; the cluster first. */
export function sparse(): Manifest[] {
  const { zookeeper, cluster, connection, storageClass } = pool();
  const { spec } = cluster;
  for (const field of ['diskDeploymentMode', 'storageClass', 'reclaimPolicy']) delete spec[field];
  for (const name of ['meta', 'chunk', 'redirector', 'probe', 'toolbox']) delete spec[name].image;
  for (const name of ['chunk', 'redirector']) {
    delete spec[name].dataCIDR;
    delete spec[name].podPolicy;
  }
  spec.chunk.devicemanager = {};
  delete zookeeper['spec'].image;
  delete zookeeper['spec'].pod.affinity;
  connection['data'] = { clusterId: 'k8s-cluster' };
  const { clusterConnection } = storageClass['parameters'];
  storageClass['parameters'] = { clusterConnection };
  return [cluster, zookeeper, connection, storageClass];
}

/** The pool as briefly as it can be written: ConfigMap, IOMeshCluster, ZookeeperCluster, StorageClass. */
export function least(): Readonly<Record<'C' | 'I' | 'Z' | 'S', Manifest>> {
  const [cluster, zookeeper, connection, storageClass] = sparse() as [Manifest, Manifest, Manifest, Manifest];
  const { iomeshCluster } = pool().storageClass['parameters'];
  for (const name of ['redirector', 'probe', 'toolbox']) cluster['spec'][name] = {};
  delete cluster['spec'].chunk.deviceMap;
  delete zookeeper['spec'].pod;
  storageClass['parameters'] = { iomeshCluster };
  return { C: connection, I: cluster, Z: zookeeper, S: storageClass };
}

/** Volume `pvc-1` of a pool, and its claim `default/db-0`. */
export function volumeInUse(cluster: string): [volume: Manifest, claim: Manifest] {
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: cluster };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pvc-1' },
      spec: {
        ...spec,
        capacity: { storage: '2Gi' },
        persistentVolumeReclaimPolicy: 'Delete',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'default', name: 'db-0' },
        csi: {
          driver: 'com.iomesh.csi-driver',
          volumeHandle: 'v-1',
          volumeAttributes: { iomeshCluster: `${cluster}/${cluster}` },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'db-0', namespace: 'default' },
      spec: { ...spec, volumeName: 'pvc-1', resources: { requests: { storage: '2Gi' } } },
    },
  ];
}

export const NAMESPACES = ['iomesh-system', 'iomesh-cluster-1', 'iomesh-cluster-2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name } as Record<string, string>,
}));

function read(folder: string, change: (text: string) => string = (text) => text): ClusterSet {
  const load = (file: string) =>
    parse(change(readFileSync(join(EXAMPLES, folder, `${file}.yaml`), 'utf8')))[0]!;
  return {
    zookeeper: load('zookeeper'),
    cluster: load('iomesh'),
    connection: load('connection'),
    storageClass: load('storageclass'),
  };
}
