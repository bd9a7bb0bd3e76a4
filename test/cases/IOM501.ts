import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CONNECTION = '\n  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
const CLUSTER = '\n  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1';
const ALONE = [
  'IOMeshCluster/iomesh-cluster-1',
  'ZookeeperCluster/iomesh-cluster-1-zookeeper',
  'ConfigMap/iomesh-cluster-1-csi-configmap',
  CLASS,
];

const DEFAULT_CLASS = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: iomesh-csi-driver
provisioner: com.iomesh.csi-driver
parameters:
  csi.storage.k8s.io/fstype: ext4
  replicaFactor: "2"
  thinProvision: "true"
`;

export const lint: LintCase[] = [
  { name: 'both classes are bound', expect: [] },
  {
    name: 'no connection: it follows from the cluster',
    edit: { [CLASS]: [[CONNECTION, '']] },
    expect: [
      {
        code: 'IOM501',
        at: 'parameters',
        path: 'parameters.clusterConnection',
        object: 'iomesh-cluster-1',
        severity: 'error',
        says: ['clusterConnection is missing', 'which of the 2 IOMesh clusters'],
        help: [
          'clusterConnection: "iomesh-cluster-1/iomesh-cluster-1-csi-configmap"',
          'deleted and created anew',
        ],
        fix: 'safe',
      },
    ],
  },
  {
    name: 'no cluster: it follows from the connection',
    edit: { [CLASS]: [[CLUSTER, '']] },
    expect: [
      {
        code: 'IOM501',
        path: 'parameters.iomeshCluster',
        says: ['iomeshCluster is missing'],
        help: ['iomeshCluster: "iomesh-cluster-1/iomesh-cluster-1"'],
        fix: 'safe',
      },
    ],
  },
  {
    name: 'neither, under the name of a cluster',
    edit: { [CLASS]: [[CONNECTION + CLUSTER, '']] },
    expect: [
      {
        code: 'IOM501',
        says: ['clusterConnection and iomeshCluster are missing'],
        help: [
          'clusterConnection: "iomesh-cluster-1/iomesh-cluster-1-csi-configmap"',
          'iomeshCluster: "iomesh-cluster-1/iomesh-cluster-1"',
        ],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: "the chart's default class, which binds nothing",
    add: DEFAULT_CLASS,
    expect: [
      {
        code: 'IOM501',
        object: 'iomesh-csi-driver',
        help: ['delete this default class', 'clusterConnection: "<namespace>/<ConfigMap>"'],
      },
    ],
  },
  {
    name: 'from 1.1 on the default class serves the first cluster',
    config: { iomeshVersion: '1.2' },
    add: DEFAULT_CLASS,
    expect: [],
  },
  {
    name: 'in 1.2 the cluster alone is due',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CONNECTION, '']] },
    expect: [],
  },
  {
    name: 'in 1.2 without it',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CONNECTION + CLUSTER, '']] },
    expect: [{ code: 'IOM501', says: ['iomeshCluster is missing'] }],
  },
  {
    name: 'one cluster needs no choice',
    drop: ALONE,
    edit: {
      'StorageClass/iomesh-default': [
        [
          '\n  clusterConnection: iomesh-system/iomesh-csi-configmap\n  iomeshCluster: iomesh-system/iomesh',
          '',
        ],
      ],
    },
    expect: [],
  },
  {
    name: 'a misspelt name is said once, and in earnest',
    edit: { [CLASS]: [['iomeshCluster:', 'iomeshcluster:']] },
    expect: [
      {
        code: 'IOM501',
        at: 'iomeshcluster',
        says: ['iomeshCluster is missing', '"iomeshcluster" is no parameter'],
        help: ['write iomeshCluster for "iomeshcluster"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'a class of other storage',
    add: DEFAULT_CLASS.replace('com.iomesh.csi-driver', 'rancher.io/local-path').replace(
      'csi-driver',
      'local',
    ),
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'an unbound class is denied',
    create: DEFAULT_CLASS.replace('iomesh-csi-driver', 'fast'),
    denied: [{ code: 'IOM501', object: 'fast', says: ['clusterConnection and iomeshCluster are missing'] }],
  },
  {
    name: 'the second cluster makes the unbound class of the first a matter: warned',
    drop: ['IOMeshCluster/iomesh-cluster-1'],
    add: DEFAULT_CLASS,
    create: baseDocuments().get('IOMeshCluster/iomesh-cluster-1')!,
    warned: [{ code: 'IOM501', object: 'iomesh-csi-driver' }],
  },
  {
    name: 'an edit of an unbound class is warned of what stood before',
    add: DEFAULT_CLASS,
    update: {
      'StorageClass/iomesh-csi-driver': [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']],
    },
    warned: [{ code: 'IOM501' }],
  },
];
