/** Objects, and parts of objects, that several cases add, as YAML. */

/** The documents of the pool in the correct set: without them only the management cluster is left. */
export const POOL_DOCUMENTS = [
  'IOMeshCluster/iomesh-cluster-1',
  'ZookeeperCluster/iomesh-cluster-1-zookeeper',
  'ConfigMap/iomesh-cluster-1-csi-configmap',
  'StorageClass/iomesh-cluster-1',
  'Namespace/iomesh-cluster-1',
] as const;

/** Values as YAML writes them, by key. */
type Lines = Readonly<Record<string, string>>;

function mapping(name: string, lines: Lines): string {
  return `${name}:\n${Object.entries(lines)
    .map(([key, value]) => `  ${key}: ${value}\n`)
    .join('')}`;
}

/** A StorageClass, of IOMesh by default. */
export function storageClass(name: string, parameters: Lines, provisioner = 'com.iomesh.csi-driver'): string {
  return `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: ${name}
provisioner: ${provisioner}
${mapping('parameters', parameters)}`;
}

/** A StorageClass of the management cluster with some parameters. */
export function managementClass(parameters: Lines): string {
  return storageClass('fast', {
    ...parameters,
    clusterConnection: 'iomesh-system/iomesh-csi-configmap',
    iomeshCluster: 'iomesh-system/iomesh',
  });
}

/** A ConfigMap named `namespace/name`. */
export function configMap(id: string, data: Lines): string {
  const [namespace, name] = id.split('/');
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
${mapping('data', data)}`;
}

/** A complete connection ConfigMap of a cluster `namespace/name`, or of any address. */
export function connectionMap(id: string, metaAddr: string, clusterId = 'k8s-cluster'): string {
  const [namespace, name] = metaAddr.split('/');
  const address = name === undefined ? metaAddr : `${name}-meta-client.${namespace}.svc.cluster.local:10100`;
  return configMap(id, { clusterId, iscsiPortal: '127.0.0.1:3260', metaAddr: address });
}

/** The ZookeeperCluster of a cluster `namespace/name`, on nodes of its own. */
export function zookeeperOf(id: string, hostnames: readonly string[]): string {
  const [namespace, cluster] = id.split('/');
  return `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: ${cluster}-zookeeper
  namespace: ${namespace}
spec:
  replicas: 3
  image: {repository: iomesh/zookeeper, tag: 3.5.9, pullPolicy: IfNotPresent}
  pod:
    affinity:
${nodeAffinity(6, hostnames)}
      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 20
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector:
                matchExpressions:
                  - {key: app, operator: In, values: [${cluster}-zookeeper]}
  persistence:
    reclaimPolicy: Delete
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: hostpath
      resources: {requests: {storage: 20Gi}}
`;
}

/** A ZookeeperCluster `namespace/name` that is not part of an IOMesh cluster. */
export function foreignZookeeper(id: string, spec = 'replicas: 1'): string {
  const [namespace, name] = id.split('/');
  return `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  ${spec}
`;
}

const HOSTNAME = 'kubernetes.io/hostname';

/** A required node affinity in block style as the correct set has it, from `nodeAffinity:` on. */
export function nodeAffinity(indent: number, values: readonly string[], key = HOSTNAME): string {
  const lines = [
    'nodeAffinity:',
    '  requiredDuringSchedulingIgnoredDuringExecution:',
    '    nodeSelectorTerms:',
    '      - matchExpressions:',
    `          - key: ${key}`,
    '            operator: In',
    '            values:',
    ...values.map((value) => `              - ${value}`),
  ];
  return lines.map((line) => ' '.repeat(indent) + line).join('\n');
}

/** Node selector terms in flow style: one term with one requirement. */
export function oneTerm(values: readonly string[], key = HOSTNAME, operator = 'In'): string {
  return `[{matchExpressions: [{key: ${key}, operator: ${operator}, values: [${values.join(', ')}]}]}]`;
}

/** The lines of a text as a diff shows them. */
export function diffLines(sign: '-' | '+', text: string): string {
  return text.replace(/^/gm, sign);
}

/** A PersistentVolume of the IOMesh CSI driver by default, bound if it has a claim `namespace/name`. */
export function volume(
  name: string,
  options: {
    readonly attributes?: Lines;
    readonly class?: string;
    readonly claim?: string;
    readonly driver?: string;
    readonly phase?: string;
  } = {},
): string {
  const { attributes = {}, claim, driver = 'com.iomesh.csi-driver' } = options;
  const phase = options.phase ?? (claim === undefined ? 'Available' : 'Bound');
  const [namespace, claimName] = claim?.split('/') ?? [];
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}: ${value}`);
  return `apiVersion: v1
kind: PersistentVolume
metadata:
  name: ${name}
spec:
  capacity: {storage: 2Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Delete
  storageClassName: ${options.class ?? '""'}
${claim === undefined ? '' : `  claimRef: {namespace: ${namespace}, name: ${claimName}}\n`}  csi:
    driver: ${driver}
    volumeHandle: ${name}
    volumeAttributes: {${pairs.join(', ')}}
status: {phase: ${phase}}
`;
}
