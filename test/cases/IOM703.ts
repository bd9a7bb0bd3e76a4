import { clusterLike } from './clusters.ts';
import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const OBJECTS = ['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap', 'StorageClass'];
const clusterIn = (name: string, firstNode: number, namespace = 'iomesh-cluster-1', kinds = OBJECTS) =>
  clusterLike(name, firstNode, { namespace, kinds });
const born = (name: string, when: string) =>
  [`  name: ${name}\n`, `  name: ${name}\n  creationTimestamp: "${when}"\n`] as const;

export const lint: readonly LintCase[] = [
  {
    name: 'reports two clusters in one namespace once, on the second by name',
    add: clusterIn('pool-b', 6),
    expect: [
      {
        code: 'IOM703',
        at: 'iomesh-cluster-1',
        path: 'metadata.namespace',
        object: 'iomesh-cluster-1/pool-b',
        severity: 'error',
        says: [
          'namespace "iomesh-cluster-1" contains two IOMesh clusters, iomesh-cluster-1/iomesh-cluster-1 and iomesh-cluster-1/pool-b',
        ],
        help: ['move iomesh-cluster-1/pool-b to its own namespace, for example "pool-b"'],
        related: ['iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'reports three clusters twice',
    add: `${clusterIn('pool-b', 6)}---\n${clusterIn('pool-c', 9)}`,
    expect: [
      { code: 'IOM703', object: 'iomesh-cluster-1/pool-b', related: ['iomesh-cluster-1'] },
      { code: 'IOM703', object: 'iomesh-cluster-1/pool-c', related: ['iomesh-cluster-1'] },
    ],
  },
  {
    name: 'treats the management cluster as the owner of its namespace',
    add: clusterIn('a-pool', 6, 'iomesh-system'),
    expect: [{ code: 'IOM703', object: 'iomesh-system/a-pool', related: ['iomesh'] }],
  },
  {
    name: 'treats the oldest cluster as the owner of the namespace',
    add: clusterIn('a-pool', 6),
    edit: { [CLUSTER]: [born('iomesh-cluster-1', '2026-01-01T00:00:00Z')] },
    expect: [{ code: 'IOM703', object: 'iomesh-cluster-1/a-pool' }],
  },
  { name: 'accepts one cluster for each namespace', add: clusterLike('pool-b', 6), expect: [] },
];

const both = (key: string) => ({
  name: `allows the deletion of either cluster: ${key}`,
  add: clusterIn('pool-b', 6, undefined, ['IOMeshCluster', 'ZookeeperCluster']),
  drop: ['StorageClass/iomesh-cluster-1', 'ConfigMap/iomesh-cluster-1-csi-configmap'],
  remove: key,
});

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a second cluster',
    create: clusterIn('pool-b', 6, undefined, ['IOMeshCluster']),
    denied: [{ code: 'IOM703', object: 'iomesh-cluster-1/pool-b', severity: 'error' }],
    warned: [{ code: 'IOM701' }],
  },
  {
    name: 'reports the cluster that is created, whatever its name',
    edit: { [CLUSTER]: [born('iomesh-cluster-1', '2026-01-01T00:00:00Z')] },
    create: clusterIn('a-pool', 6, undefined, ['IOMeshCluster']).replace(
      '  name: a-pool\n',
      '  name: a-pool\n  creationTimestamp: "2026-11-23T10:00:00Z"\n',
    ),
    denied: [{ code: 'IOM703', object: 'iomesh-cluster-1/a-pool' }],
    warned: [{ code: 'IOM701' }],
  },
  {
    name: 'does not tell to move a pool if the management cluster comes second',
    add: clusterIn('a-pool', 6, 'iomesh-system', ['IOMeshCluster', 'ZookeeperCluster']),
    drop: ['IOMeshCluster/iomesh'],
    config: { rules: { IOM504: 'off', IOM204: 'off', IOM705: 'off' } },
    create: baseDocuments().get('IOMeshCluster/iomesh')!,
    denied: [
      {
        code: 'IOM703',
        object: 'iomesh-system/a-pool',
        help: [
          'create iomesh-system/iomesh in its own namespace',
          'managementCluster',
          'a-pool was here before',
        ],
        helpOmits: ['move iomesh-system/a-pool'],
      },
    ],
  },
  {
    name: 'warns if an edit leaves two clusters in the namespace',
    add: clusterIn('pool-b', 6),
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM703' }],
  },
  {
    name: 'denies a third cluster without a warning of the second',
    add: clusterIn('pool-b', 6),
    create: clusterIn('pool-c', 9, undefined, ['IOMeshCluster']),
    denied: [{ code: 'IOM703', object: 'iomesh-cluster-1/pool-c' }],
    warned: [{ code: 'IOM701' }],
  },
  both(CLUSTER),
  both('IOMeshCluster/pool-b'),
  {
    name: 'allows the deletion of the first of three clusters',
    add: ['pool-b', 'pool-c']
      .map((name, index) => clusterIn(name, 6 + 3 * index, undefined, ['IOMeshCluster', 'ZookeeperCluster']))
      .join('---\n'),
    drop: ['StorageClass/iomesh-cluster-1', 'ConfigMap/iomesh-cluster-1-csi-configmap'],
    remove: CLUSTER,
  },
];
