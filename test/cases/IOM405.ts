import type { ChangeCase, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const META = 'zbs-metad\n      tag: v5.3.0-rc13-enterprise\n      ';

export const lint: LintCase[] = [
  {
    name: 'accepts a ZookeeperCluster without one',
    edit: { 'ZookeeperCluster/iomesh-cluster-1-zookeeper': [['    pullPolicy: IfNotPresent\n', '']] },
    expect: [],
  },
  {
    name: 'accepts the other two policies, an empty one and none',
    edit: {
      [CLUSTER]: [
        [`${META}pullPolicy: IfNotPresent`, `${META}pullPolicy: Always`],
        [
          'operator-probe\n      tag: v1.0.1\n      pullPolicy: IfNotPresent',
          'operator-probe\n      tag: v1.0.1\n      pullPolicy: Never',
        ],
        [
          'operator-toolbox\n      tag: v1.0.1\n      pullPolicy: IfNotPresent',
          'operator-toolbox\n      tag: v1.0.1\n      pullPolicy: ""',
        ],
        ['\n        pullPolicy: IfNotPresent', ''],
      ],
    },
    expect: [],
  },
  {
    name: 'reports the wrong letter case',
    edit: { [CLUSTER]: [[`${META}pullPolicy: IfNotPresent`, `${META}pullPolicy: ifNotPresent`]] },
    expect: [
      {
        code: 'IOM405',
        at: 'ifNotPresent',
        path: 'spec.meta.image.pullPolicy',
        severity: 'error',
        says: ['"ifNotPresent"', '"Always", "IfNotPresent" or "Never"'],
        help: ['set spec.meta.image.pullPolicy to "IfNotPresent"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      pullPolicy: ifNotPresent
+      pullPolicy: IfNotPresent`,
  },
  {
    name: 'reports the policy of the device manager',
    edit: { [CLUSTER]: [['\n        pullPolicy: IfNotPresent', '\n        pullPolicy: always']] },
    expect: [
      { code: 'IOM405', at: 'always', path: 'spec.chunk.devicemanager.image.pullPolicy', help: ['"Always"'] },
    ],
    fixed: `
-        pullPolicy: always
+        pullPolicy: Always`,
  },
  {
    name: 'reports an unknown policy of a ZookeeperCluster',
    edit: { 'ZookeeperCluster/iomesh-cluster-1-zookeeper': [['IfNotPresent', 'OnDemand']] },
    expect: [
      {
        code: 'IOM405',
        at: 'OnDemand',
        path: 'spec.image.pullPolicy',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        help: ['usually "IfNotPresent"'],
      },
    ],
    fixed: `
-    pullPolicy: OnDemand
+    pullPolicy: IfNotPresent`,
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a new wrong policy',
    update: { 'ZookeeperCluster/iomesh-zookeeper': [['IfNotPresent', 'ifNotPresent']] },
    denied: [{ code: 'IOM405', at: 'ifNotPresent' }],
  },
  {
    name: 'warns if an edit leaves the wrong policy as it was',
    edit: { 'ZookeeperCluster/iomesh-zookeeper': [['IfNotPresent', 'ifNotPresent']] },
    update: {
      'ZookeeperCluster/iomesh-zookeeper': [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']],
    },
    warned: [{ code: 'IOM405', at: 'ifNotPresent' }],
  },
  {
    name: 'allows a fix of the policy',
    edit: { 'ZookeeperCluster/iomesh-zookeeper': [['IfNotPresent', 'ifNotPresent']] },
    update: { 'ZookeeperCluster/iomesh-zookeeper': [['ifNotPresent', 'IfNotPresent']] },
  },
];
