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
  { name: 'accepts classes that name their cluster', expect: [] },
  {
    name: 'derives a missing connection from the cluster',
    edit: { [CLASS]: [[CONNECTION, '']] },
    expect: [
      {
        code: 'IOM501',
        at: 'parameters',
        path: 'parameters.clusterConnection',
        object: 'iomesh-cluster-1',
        severity: 'error',
        says: ['clusterConnection is missing', 'one of the 2 IOMesh clusters'],
        help: [
          'set parameters.clusterConnection to "iomesh-cluster-1/iomesh-cluster-1-csi-configmap"',
          'deleted and created again',
        ],
        fix: 'safe',
      },
    ],
    fixed: `
+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap`,
  },
  {
    name: 'derives a missing cluster from the connection',
    edit: { [CLASS]: [[CLUSTER, '']] },
    expect: [
      {
        code: 'IOM501',
        path: 'parameters.iomeshCluster',
        says: ['iomeshCluster is missing'],
        help: ['set parameters.iomeshCluster to "iomesh-cluster-1/iomesh-cluster-1"'],
        fix: 'safe',
      },
    ],
    fixed: `
+  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1`,
  },
  {
    name: 'proposes both references if the class has the name of a cluster',
    edit: { [CLASS]: [[CONNECTION + CLUSTER, '']] },
    expect: [
      {
        code: 'IOM501',
        says: ['clusterConnection and iomeshCluster are missing'],
        help: [
          'set parameters.clusterConnection to "iomesh-cluster-1/iomesh-cluster-1-csi-configmap"',
          'set parameters.iomeshCluster to "iomesh-cluster-1/iomesh-cluster-1"',
        ],
        fix: 'unsafe',
      },
    ],
    fixed: `
+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap
+  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1`,
  },
  {
    name: 'warns of the class of the chart, and speaks of Helm',
    add: DEFAULT_CLASS,
    expect: [
      {
        code: 'IOM501',
        object: 'iomesh-csi-driver',
        severity: 'warning',
        says: ['the management cluster "iomesh-system/iomesh" serves it'],
        help: [
          'use a class that names its cluster',
          'set csi-driver.storageClass.create to false',
          'helm upgrade',
        ],
      },
    ],
  },
  {
    name: 'recognizes the class of the chart under another name by its Helm release',
    add: DEFAULT_CLASS.replace(
      '  name: iomesh-csi-driver\n',
      '  name: storage\n  annotations: {meta.helm.sh/release-name: iomesh, meta.helm.sh/release-namespace: iomesh-system}\n',
    ),
    expect: [{ code: 'IOM501', severity: 'warning', help: ['csi-driver.storageClass.create'] }],
  },
  {
    name: 'warns of any class that names no cluster',
    add: DEFAULT_CLASS.replace('iomesh-csi-driver', 'app-db'),
    expect: [
      {
        code: 'IOM501',
        object: 'app-db',
        severity: 'warning',
        says: ['the management cluster "iomesh-system/iomesh" serves the class'],
        help: [
          'if the class is meant for another cluster, name that cluster',
          'otherwise set parameters.clusterConnection to "iomesh-system/iomesh-csi-configmap" and set parameters.iomeshCluster to "iomesh-system/iomesh"',
        ],
        fix: 'unsafe',
      },
    ],
    fixed: `
+  clusterConnection: iomesh-system/iomesh-csi-configmap
+  iomeshCluster: iomesh-system/iomesh`,
  },
  {
    name: 'warns of any class that names no cluster in 1.2',
    config: { iomeshVersion: '1.2' },
    add: DEFAULT_CLASS.replace('iomesh-csi-driver', 'app-db'),
    expect: [{ code: 'IOM501', object: 'app-db', severity: 'warning' }],
  },
  {
    name: 'warns if only the reference to the management cluster is there',
    edit: {
      'StorageClass/iomesh-default': [['\n  clusterConnection: iomesh-system/iomesh-csi-configmap', '']],
    },
    expect: [{ code: 'IOM501', object: 'iomesh-default', severity: 'warning', fix: 'safe' }],
    fixed: `
+  clusterConnection: iomesh-system/iomesh-csi-configmap`,
  },
  {
    name: 'accepts the default class in 1.2',
    config: { iomeshVersion: '1.2' },
    add: DEFAULT_CLASS,
    expect: [],
  },
  {
    name: 'requires only the cluster in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CONNECTION, '']] },
    expect: [],
  },
  {
    name: 'reports a missing cluster in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CONNECTION + CLUSTER, '']] },
    expect: [{ code: 'IOM501', says: ['iomeshCluster is missing'] }],
  },
  {
    name: 'accepts a class without references if there is one cluster',
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
    name: 'reports a misspelt reference once, as an error',
    edit: { [CLASS]: [['iomeshCluster:', 'iomeshcluster:']] },
    expect: [
      {
        code: 'IOM501',
        at: 'iomeshcluster',
        says: ['iomeshCluster is missing', 'no parameter is called "iomeshcluster"'],
        help: ['rename parameter "iomeshcluster" to "iomeshCluster"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'ignores a class of another provisioner',
    add: DEFAULT_CLASS.replace('com.iomesh.csi-driver', 'rancher.io/local-path').replace(
      'csi-driver',
      'local',
    ),
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a second cluster with which a class of its name must name it',
    drop: ['IOMeshCluster/iomesh-cluster-1', 'StorageClass/iomesh-cluster-1'],
    add: DEFAULT_CLASS.replace('iomesh-csi-driver', 'iomesh-cluster-1'),
    create: baseDocuments().get('IOMeshCluster/iomesh-cluster-1')!,
    denied: [{ code: 'IOM501', object: 'iomesh-cluster-1', help: ['set parameters'] }],
  },
  {
    name: 'warns of the class of the chart, which Helm creates again in each upgrade',
    create: DEFAULT_CLASS,
    warned: [{ code: 'IOM501', object: 'iomesh-csi-driver' }],
  },
  {
    name: 'warns of a class without references',
    create: DEFAULT_CLASS.replace('iomesh-csi-driver', 'fast'),
    warned: [{ code: 'IOM501', object: 'fast', says: ['clusterConnection and iomeshCluster are missing'] }],
  },
  {
    name: 'warns of a class without references in 1.2',
    config: { iomeshVersion: '1.2' },
    create: DEFAULT_CLASS.replace('iomesh-csi-driver', 'fast'),
    warned: [{ code: 'IOM501', object: 'fast', says: ['iomeshCluster is missing'] }],
  },
  {
    name: 'denies a class without references that has the name of a pool',
    drop: [CLASS],
    create: DEFAULT_CLASS.replace('iomesh-csi-driver', 'iomesh-cluster-1'),
    denied: [
      { code: 'IOM501', help: ['set parameters.iomeshCluster to "iomesh-cluster-1/iomesh-cluster-1"'] },
    ],
  },
  {
    name: 'denies a class that names a pool only in its iomeshCluster',
    drop: [CLASS],
    create: baseDocuments().get(CLASS)!.replace(CONNECTION, ''),
    denied: [{ code: 'IOM501', says: ['clusterConnection is missing'] }],
  },
  {
    name: 'denies a class with a misspelt reference',
    drop: [CLASS],
    create: DEFAULT_CLASS.replace('name: iomesh-csi-driver', 'name: fast').concat(
      '  iomeshCluser: iomesh-cluster-1/iomesh-cluster-1\n',
    ),
    denied: [{ code: 'IOM501', help: ['rename parameter "iomeshCluser" to "iomeshCluster"'] }],
  },
  {
    name: 'warns of a class without references if a second cluster is created',
    drop: ['IOMeshCluster/iomesh-cluster-1'],
    add: DEFAULT_CLASS,
    create: baseDocuments().get('IOMeshCluster/iomesh-cluster-1')!,
    warned: [{ code: 'IOM501', object: 'iomesh-csi-driver' }],
  },
  {
    name: 'warns if an edit leaves the references missing',
    add: DEFAULT_CLASS,
    update: {
      'StorageClass/iomesh-csi-driver': [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']],
    },
    warned: [{ code: 'IOM501' }],
  },
];
