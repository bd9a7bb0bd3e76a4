import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';
import { foreignZookeeper } from './objects.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const NAME = '  name: iomesh-cluster-1-zookeeper\n';
const APP = '- iomesh-cluster-1-zookeeper\n';
const rename = (to: string) =>
  [
    [NAME, `  name: ${to}\n`],
    [APP, `- ${to}\n`],
  ] as const;

export const lint: readonly LintCase[] = [
  {
    name: 'reports a cluster without a ZookeeperCluster',
    drop: [ZOOKEEPER],
    expect: [
      {
        code: 'IOM701',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: ['"iomesh-cluster-1-zookeeper" does not exist in namespace "iomesh-cluster-1"'],
        help: ['create ZookeeperCluster "iomesh-cluster-1-zookeeper" in namespace "iomesh-cluster-1"'],
        related: [],
      },
    ],
  },
  {
    name: 'proposes to rename a ZookeeperCluster of another name',
    edit: { [ZOOKEEPER]: rename('zk') },
    expect: [
      {
        code: 'IOM701',
        help: ['rename ZookeeperCluster iomesh-cluster-1/zk to "iomesh-cluster-1-zookeeper"'],
        related: ['zk'],
      },
    ],
  },
  {
    name: 'proposes to rename a misspelt ZookeeperCluster',
    edit: { [ZOOKEEPER]: rename('iomesh-cluster-1-zookeper') },
    expect: [
      {
        code: 'IOM701',
        help: [
          'rename ZookeeperCluster iomesh-cluster-1/iomesh-cluster-1-zookeper to "iomesh-cluster-1-zookeeper"',
        ],
        related: ['iomesh-cluster-1-zookeper'],
      },
    ],
  },
  {
    name: 'proposes the misspelt one of two ZookeeperClusters',
    edit: { [ZOOKEEPER]: rename('iomesh-cluster-1-zookeper') },
    add: foreignZookeeper('iomesh-cluster-1/kafka', 'replicas: 3'),
    expect: [{ code: 'IOM701', related: ['iomesh-cluster-1-zookeper'] }],
  },
  {
    name: 'proposes to move a ZookeeperCluster from another namespace',
    edit: { [ZOOKEEPER]: [['  namespace: iomesh-cluster-1\n', '  namespace: storage\n']] },
    // The owner of these pods is unknown, so the nodes of cluster-1 are reported as shared.
    config: { rules: { IOM101: 'off' } },
    expect: [
      {
        code: 'IOM701',
        help: ['move ZookeeperCluster storage/iomesh-cluster-1-zookeeper to namespace "iomesh-cluster-1"'],
        related: ['storage'],
      },
    ],
  },
  {
    name: 'does not propose the ZookeeperCluster of another cluster',
    drop: [ZOOKEEPER],
    edit: {
      [CLUSTER]: [['  name: iomesh-cluster-1\n', '  name: iomesh\n']],
      'ConfigMap/iomesh-cluster-1-csi-configmap': [['iomesh-cluster-1-meta', 'iomesh-meta']],
      'StorageClass/iomesh-cluster-1': [['iomesh-cluster-1/iomesh-cluster-1\n', 'iomesh-cluster-1/iomesh\n']],
    },
    expect: [{ code: 'IOM701', help: ['create ZookeeperCluster "iomesh-zookeeper"'], related: [] }],
  },
  {
    name: 'reports nothing if a document cannot be read',
    drop: [ZOOKEEPER],
    add: `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: iomesh-cluster-1-zookeeper
  namespace: iomesh-cluster-1
spec:
  replicas: [3
`,
    expect: [{ code: 'IOM001' }],
  },
  {
    name: 'ignores a cluster that is being deleted',
    drop: [ZOOKEEPER],
    edit: {
      [CLUSTER]: [
        [
          '  name: iomesh-cluster-1\n',
          '  name: iomesh-cluster-1\n  deletionTimestamp: "2026-11-23T10:00:00Z"\n',
        ],
      ],
    },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of a cluster whose ZookeeperCluster is being deleted',
    drop: [CLUSTER, 'StorageClass/iomesh-cluster-1'],
    edit: {
      [ZOOKEEPER]: [['metadata:\n  name', 'metadata:\n  deletionTimestamp: "2026-11-23T10:00:00Z"\n  name']],
    },
    create: baseDocuments().get(CLUSTER)!,
    warned: [{ code: 'IOM701', says: ['is being deleted'], help: ['create it again'] }],
  },
  {
    name: 'warns of a cluster that is created before its ZookeeperCluster',
    drop: [ZOOKEEPER, CLUSTER, 'StorageClass/iomesh-cluster-1'],
    create: `apiVersion: iomesh.com/v1alpha1
kind: IOMeshCluster
metadata:
  name: iomesh-cluster-1
  namespace: iomesh-cluster-1
spec:
  storageClass: hostpath
`,
    config: { rules: { IOM006: 'off', IOM301: 'off', IOM401: 'off' } },
    warned: [{ code: 'IOM701', severity: 'warning' }],
  },
  {
    name: 'leaves the deletion of the ZookeeperCluster to IOM602',
    remove: ZOOKEEPER,
    warned: [{ code: 'IOM602' }],
  },
  {
    name: 'warns if an edit leaves the ZookeeperCluster missing',
    drop: [ZOOKEEPER],
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM701' }],
  },
];
