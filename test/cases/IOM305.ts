import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';

export const lint: readonly LintCase[] = [
  {
    name: 'fixes the lower-case delete of the guide',
    edit: { [FOLLOWER]: [['volume: Delete', 'volume: delete']] },
    expect: [
      {
        code: 'IOM305',
        severity: 'warning',
        at: 'delete',
        path: 'spec.reclaimPolicy.volume',
        says: ['"delete"', 'documented value is "Delete"'],
        help: ['to "Delete"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-    volume: delete
+    volume: Delete`,
  },
  {
    name: 'offers no fix for Retain of an IOMeshCluster',
    edit: { [FOLLOWER]: [['blockdevice: Delete', 'blockdevice: Retain']] },
    expect: [
      {
        code: 'IOM305',
        at: 'Retain',
        path: 'spec.reclaimPolicy.blockdevice',
        help: [
          'find out what "Retain" does before the cluster is deleted',
          'not known whether data is then kept',
        ],
      },
    ],
  },
  {
    name: 'reports an empty value',
    edit: { [FOLLOWER]: [['volume: Delete', 'volume: ""']] },
    expect: [{ code: 'IOM305', at: '""' }],
  },
  {
    name: 'reports both fields',
    edit: {
      [FOLLOWER]: [
        ['volume: Delete', 'volume: delete'],
        ['blockdevice: Delete', 'blockdevice: delete'],
      ],
    },
    expect: [
      { code: 'IOM305', path: 'volume' },
      { code: 'IOM305', path: 'blockdevice' },
    ],
    fixed: `
-    volume: delete
-    blockdevice: delete
+    volume: Delete
+    blockdevice: Delete`,
  },
  {
    name: 'reports a misspelled field as IOM004',
    edit: { [FOLLOWER]: [['blockdevice: Delete', 'blockDevice: Delete']] },
    expect: [{ code: 'IOM004', at: 'blockDevice' }],
  },
  {
    name: 'accepts Retain of a ZookeeperCluster',
    edit: { [ZOOKEEPER]: [['reclaimPolicy: Delete', 'reclaimPolicy: Retain']] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of an undocumented value',
    update: { [FOLLOWER]: [['volume: Delete', 'volume: delete']] },
    warned: [{ code: 'IOM305' }],
  },
  {
    name: 'does not tell to delete what is to be kept',
    update: { [FOLLOWER]: [['volume: Delete', 'volume: Retain']] },
    warned: [
      { code: 'IOM305', says: ['documented value is "Delete"'], help: ['find out what "Retain" does'] },
    ],
  },
  {
    name: 'allows a documented value',
    edit: { [FOLLOWER]: [['volume: Delete', 'volume: delete']] },
    update: { [FOLLOWER]: [['volume: delete', 'volume: Delete']] },
  },
];
