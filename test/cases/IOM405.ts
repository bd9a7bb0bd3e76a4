import type { ChangeCase, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const META = 'zbs-metad\n      tag: v5.3.0-rc13-enterprise\n      ';

export const lint: LintCase[] = [
  {
    name: 'the other two policies, an empty one and none',
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
    name: 'the wrong case, as guides print it',
    edit: { [CLUSTER]: [[`${META}pullPolicy: IfNotPresent`, `${META}pullPolicy: ifNotPresent`]] },
    expect: [
      {
        code: 'IOM405',
        at: 'ifNotPresent',
        path: 'spec.meta.image.pullPolicy',
        severity: 'error',
        says: ['"ifNotPresent"', '"Always", "IfNotPresent" or "Never"'],
        help: ['write "IfNotPresent"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: "the device manager's, which lies deeper",
    edit: { [CLUSTER]: [['\n        pullPolicy: IfNotPresent', '\n        pullPolicy: always']] },
    expect: [
      { code: 'IOM405', at: 'always', path: 'spec.chunk.devicemanager.image.pullPolicy', help: ['"Always"'] },
    ],
  },
  {
    name: "a ZookeeperCluster's, far from any policy",
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
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denied when it comes',
    update: { 'ZookeeperCluster/iomesh-zookeeper': [['IfNotPresent', 'ifNotPresent']] },
    denied: [{ code: 'IOM405', at: 'ifNotPresent' }],
  },
  {
    name: 'warned of when it stood before',
    edit: { 'ZookeeperCluster/iomesh-zookeeper': [['IfNotPresent', 'ifNotPresent']] },
    update: {
      'ZookeeperCluster/iomesh-zookeeper': [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']],
    },
    warned: [{ code: 'IOM405', at: 'ifNotPresent' }],
  },
  {
    name: 'mended',
    edit: { 'ZookeeperCluster/iomesh-zookeeper': [['IfNotPresent', 'ifNotPresent']] },
    update: { 'ZookeeperCluster/iomesh-zookeeper': [['ifNotPresent', 'IfNotPresent']] },
  },
];
