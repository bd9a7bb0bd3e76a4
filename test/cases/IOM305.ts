import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';

export const lint: readonly LintCase[] = [
  {
    name: "the guide's lower-case delete",
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
    name: 'Retain is nowhere documented for an IOMeshCluster, and what was meant is not for us to say',
    edit: { [FOLLOWER]: [['blockdevice: Delete', 'blockdevice: Retain']] },
    expect: [{ code: 'IOM305', at: 'Retain', path: 'spec.reclaimPolicy.blockdevice', help: ['to "Delete"'] }],
  },
  {
    name: 'an empty one',
    edit: { [FOLLOWER]: [['volume: Delete', 'volume: ""']] },
    expect: [{ code: 'IOM305', at: '""' }],
  },
  {
    name: 'both are two findings',
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
    name: 'a misspelt field is an unknown one',
    edit: { [FOLLOWER]: [['blockdevice: Delete', 'blockDevice: Delete']] },
    expect: [{ code: 'IOM004', at: 'blockDevice' }],
  },
  {
    name: 'a ZookeeperCluster may retain',
    edit: { [ZOOKEEPER]: [['reclaimPolicy: Delete', 'reclaimPolicy: Retain']] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'an undocumented value is warned of',
    update: { [FOLLOWER]: [['volume: Delete', 'volume: delete']] },
    warned: [{ code: 'IOM305' }],
  },
  {
    name: 'a documented one is not',
    edit: { [FOLLOWER]: [['volume: Delete', 'volume: delete']] },
    update: { [FOLLOWER]: [['volume: delete', 'volume: Delete']] },
  },
];
