import type { ChangeCase, LintCase } from './harness.ts';

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
    name: 'missing on a follower',
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
    name: "the follower's own namespace",
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
    name: 'an empty text',
    edit: { [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: ""']] },
    expect: [{ code: 'IOM301', at: '""', fix: 'unsafe' }],
    fixed: `
-      blockDeviceNamespace: ""
+      blockDeviceNamespace: "iomesh-system"`,
  },
  {
    name: 'absent on the management cluster is right',
    edit: { [MANAGEMENT]: [[LINE, '']] },
    expect: [],
  },
  {
    name: 'another namespace on the management cluster is wrong, and only there',
    edit: { [MANAGEMENT]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: default']] },
    expect: [{ code: 'IOM301', object: 'iomesh-system/iomesh', at: 'default', related: [], fix: 'unsafe' }],
  },
  {
    name: 'directly under chunk it is an unknown field, and no more',
    edit: {
      [FOLLOWER]: [
        [LINE, ''],
        ['    deviceMap:\n', '    blockDeviceNamespace: iomesh-system\n    deviceMap:\n'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'blockDeviceNamespace' }],
  },
  {
    name: 'where the management cluster is not at hand, the configured one counts',
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
    name: 'a placeholder is reported as one',
    edit: { [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: <namespace>']] },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'without the device manager, whose image is filled, it is missing',
    edit: { [FOLLOWER]: [[MANAGER, '']] },
    expect: [{ code: 'IOM301', at: 'chunk', fix: 'safe' }],
  },
  {
    name: 'where nothing fills the device manager, that is what is missing',
    drop: [MANAGEMENT, 'StorageClass/iomesh-default'],
    edit: { [FOLLOWER]: [[MANAGER, '']] },
    expect: [{ code: 'IOM006' }, { code: 'IOM705' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'taking it away is denied',
    update: { [FOLLOWER]: [[LINE, '']] },
    denied: [{ code: 'IOM301' }],
  },
  {
    name: 'another one is denied',
    update: {
      [FOLLOWER]: [['blockDeviceNamespace: iomesh-system', 'blockDeviceNamespace: iomesh-cluster-1']],
    },
    denied: [{ code: 'IOM301', says: ['"iomesh-cluster-1"'] }],
  },
  {
    name: 'what stood before is warned of',
    edit: { [FOLLOWER]: [[LINE, '']] },
    update: {
      [FOLLOWER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM301' }],
  },
  {
    name: 'mending it is allowed',
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
