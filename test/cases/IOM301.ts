import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';

const FOLLOWER = 'IOMeshCluster/iomesh-cluster-1';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const LINE = '      blockDeviceNamespace: iomesh-system\n';

const MANAGER = `    devicemanager:
      image:
        repository: iomesh/operator-devicemanager
        tag: v1.0.1
        pullPolicy: IfNotPresent
${LINE}`;

export const lint: readonly LintCase[] = [
  {
    name: 'fills the missing namespace of a pool',
    edit: { [FOLLOWER]: [[LINE, '']] },
    expect: [
      {
        code: 'IOM301',
        severity: 'error',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        at: 'devicemanager',
        path: 'spec.chunk.devicemanager.blockDeviceNamespace',
        says: ['iomesh-cluster-1/iomesh-cluster-1 is not set', '"iomesh-system"'],
        help: ['set spec.chunk.devicemanager.blockDeviceNamespace to "iomesh-system"'],
        related: ['iomesh-system'],
        fix: 'safe',
      },
    ],
    fixed: `
+      blockDeviceNamespace: iomesh-system`,
  },
  {
    name: 'reports the own namespace of a pool',
    edit: { [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: iomesh-cluster-1']] },
    expect: [
      {
        code: 'IOM301',
        at: 'iomesh-cluster-1',
        says: ['"iomesh-cluster-1"', '"iomesh-system"'],
        help: ['"iomesh-system"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      blockDeviceNamespace: iomesh-cluster-1
+      blockDeviceNamespace: iomesh-system`,
  },
  {
    name: 'reports an empty text',
    edit: { [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: ""']] },
    expect: [{ code: 'IOM301', at: '""', fix: 'unsafe' }],
    fixed: `
-      blockDeviceNamespace: ""
+      blockDeviceNamespace: "iomesh-system"`,
  },
  {
    name: 'accepts a management cluster without the field',
    edit: { [MANAGEMENT]: [[LINE, '']] },
    expect: [],
  },
  {
    name: 'reports another namespace of the management cluster only there',
    edit: { [MANAGEMENT]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: default']] },
    expect: [{ code: 'IOM301', object: 'iomesh-system/iomesh', at: 'default', related: [], fix: 'unsafe' }],
  },
  {
    name: 'reports the field directly under chunk as IOM004',
    edit: {
      [FOLLOWER]: [
        [LINE, ''],
        ['    deviceMap:\n', '    blockDeviceNamespace: iomesh-system\n    deviceMap:\n'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'blockDeviceNamespace' }],
  },
  {
    name: 'compares with the configured management cluster if it is not in the input',
    drop: [
      MANAGEMENT,
      'ZookeeperCluster/iomesh-zookeeper',
      'ConfigMap/iomesh-csi-configmap',
      'StorageClass/iomesh-default',
    ],
    config: { managementCluster: { namespace: 'storage', name: 'iomesh' } },
    expect: [
      {
        code: 'IOM301',
        at: 'iomesh-system',
        help: ['to "storage"', 'managementCluster in the configuration'],
        related: [],
      },
      { code: 'IOM705' },
    ],
  },
  {
    name: 'reports a placeholder as IOM007',
    edit: { [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: <namespace>']] },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'reports a missing device manager whose image has a default',
    config: { completedBy: 'webhook' },
    edit: { [FOLLOWER]: [[MANAGER, '']] },
    expect: [{ code: 'IOM301', at: 'chunk', fix: 'safe' }],
  },
  {
    name: 'reports a missing device manager without a default as IOM006',
    drop: [MANAGEMENT, 'StorageClass/iomesh-default'],
    edit: { [FOLLOWER]: [[MANAGER, '']] },
    expect: [{ code: 'IOM006' }, { code: 'IOM705' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'only warns of a pool when the management cluster is created, which no cluster works without',
    drop: [MANAGEMENT, 'ZookeeperCluster/iomesh-zookeeper'],
    edit: { [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: iomesh-cluster-1']] },
    create: baseDocuments().get(MANAGEMENT)!,
    warned: [{ code: 'IOM301', object: 'iomesh-cluster-1/iomesh-cluster-1' }, { code: 'IOM701' }],
  },
  {
    name: 'denies the removal of the field',
    update: { [FOLLOWER]: [[LINE, '']] },
    denied: [{ code: 'IOM301' }],
  },
  {
    name: 'denies another namespace',
    update: {
      [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: iomesh-cluster-1']],
    },
    denied: [{ code: 'IOM301', says: ['"iomesh-cluster-1"'] }],
  },
  {
    name: 'warns if an edit leaves the value as it was',
    edit: { [FOLLOWER]: [[LINE, '']] },
    update: {
      [FOLLOWER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM301' }],
  },
  {
    name: 'allows a fix',
    edit: { [FOLLOWER]: [[LINE, '']] },
    update: {
      [FOLLOWER]: [
        [
          '      image:\n        repository: iomesh/operator-devicemanager',
          `${LINE}      image:\n        repository: iomesh/operator-devicemanager`,
        ],
      ],
    },
  },
];
