import type { ChangeCase, LintCase } from './harness.ts';

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
    name: 'none at all',
    drop: [ZOOKEEPER],
    expect: [
      {
        code: 'IOM701',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: ['there is no "iomesh-cluster-1-zookeeper" in namespace "iomesh-cluster-1"'],
        help: [
          'apply a ZookeeperCluster with name "iomesh-cluster-1-zookeeper" and namespace "iomesh-cluster-1"',
        ],
        related: [],
      },
    ],
  },
  {
    name: 'of another name in the same namespace',
    edit: { [ZOOKEEPER]: rename('zk') },
    expect: [
      {
        code: 'IOM701',
        help: ['name ZookeeperCluster iomesh-cluster-1/zk "iomesh-cluster-1-zookeeper"'],
        related: ['zk'],
      },
    ],
  },
  {
    name: 'misspelt',
    edit: { [ZOOKEEPER]: rename('iomesh-cluster-1-zookeper') },
    expect: [
      {
        code: 'IOM701',
        help: [
          'name ZookeeperCluster iomesh-cluster-1/iomesh-cluster-1-zookeper "iomesh-cluster-1-zookeeper"',
        ],
        related: ['iomesh-cluster-1-zookeper'],
      },
    ],
  },
  {
    name: 'the misspelt one of two',
    edit: { [ZOOKEEPER]: rename('iomesh-cluster-1-zookeper') },
    add: `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: kafka
  namespace: iomesh-cluster-1
spec:
  replicas: 3
`,
    expect: [{ code: 'IOM701', related: ['iomesh-cluster-1-zookeper'] }],
  },
  {
    name: 'in another namespace',
    edit: { [ZOOKEEPER]: [['  namespace: iomesh-cluster-1\n', '  namespace: storage\n']] },
    // Whose pods they are, nobody can say: the nodes of cluster-1 are told as shared.
    config: { rules: { IOM101: 'off' } },
    expect: [
      {
        code: 'IOM701',
        help: ['put ZookeeperCluster storage/iomesh-cluster-1-zookeeper into namespace "iomesh-cluster-1"'],
        related: ['storage'],
      },
    ],
  },
  {
    name: 'that of another cluster is nobody else’s',
    drop: [ZOOKEEPER],
    edit: {
      [CLUSTER]: [['  name: iomesh-cluster-1\n', '  name: iomesh\n']],
      'ConfigMap/iomesh-cluster-1-csi-configmap': [['iomesh-cluster-1-meta', 'iomesh-meta']],
      'StorageClass/iomesh-cluster-1': [['iomesh-cluster-1/iomesh-cluster-1\n', 'iomesh-cluster-1/iomesh\n']],
    },
    expect: [
      { code: 'IOM701', help: ['apply a ZookeeperCluster with name "iomesh-zookeeper"'], related: [] },
    ],
  },
  {
    name: 'a document that could not be read may be it',
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
    name: 'a cluster that is being deleted needs none',
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
    name: 'a cluster applied before its ZookeeperCluster is warned of',
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
    name: 'that it is taken away is said once, by IOM602',
    remove: ZOOKEEPER,
    denied: [{ code: 'IOM602' }],
  },
  {
    name: 'while it is missing, other edits are warned',
    drop: [ZOOKEEPER],
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM701' }],
  },
];
