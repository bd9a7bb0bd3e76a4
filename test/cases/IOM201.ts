import type { ChangeCase, LintCase } from './harness.ts';

const MANAGEMENT = 'ConfigMap/iomesh-csi-configmap';
const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const ID = 'clusterId: k8s-cluster';

/** The follower's ConfigMap as a second copy of another name; no StorageClass needs it. */
function copy(name: string, clusterId: string, cluster = name): string {
  return `---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${name}
data:
  clusterId: ${clusterId}
  iscsiPortal: 127.0.0.1:3260
  metaAddr: ${cluster}-meta-client.${cluster}.svc.cluster.local:10100
`;
}

export const lint: readonly LintCase[] = [
  {
    name: 'the follower has a clusterId of its own',
    edit: { [FOLLOWER]: [[ID, 'clusterId: iomesh-cluster-1']] },
    expect: [
      {
        code: 'IOM201',
        severity: 'error',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        at: 'iomesh-cluster-1',
        path: 'data.clusterId',
        says: [
          'iomesh-cluster-1-csi-configmap is "iomesh-cluster-1"',
          'iomesh-system/iomesh-csi-configmap has "k8s-cluster"',
        ],
        help: ['set data.clusterId to "k8s-cluster"'],
        related: ['k8s-cluster'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-  clusterId: iomesh-cluster-1
+  clusterId: k8s-cluster`,
  },
  {
    name: 'a difference in letter case is a difference',
    edit: { [FOLLOWER]: [[ID, 'clusterId: K8s-cluster']] },
    expect: [{ code: 'IOM201', at: 'K8s-cluster', help: ['"k8s-cluster"'] }],
    fixed: `
-  clusterId: K8s-cluster
+  clusterId: k8s-cluster`,
  },
  {
    name: 'quotes and comments make no difference',
    edit: { [FOLLOWER]: [[ID, 'clusterId: "k8s-cluster" # the same']] },
    expect: [],
  },
  {
    name: 'an empty clusterId is missing, not different',
    edit: { [FOLLOWER]: [[ID, 'clusterId: ""']] },
    expect: [{ code: 'IOM205', at: '""' }],
  },
  {
    name: 'a placeholder is reported as one',
    edit: { [FOLLOWER]: [[ID, 'clusterId: <cluster-id>']] },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'a placeholder on the management cluster is nothing to compare with',
    edit: {
      [MANAGEMENT]: [[ID, 'clusterId: <cluster-id>']],
      [FOLLOWER]: [[ID, 'clusterId: another']],
    },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'without a management cluster, two that differ are one finding',
    drop: [
      MANAGEMENT,
      'StorageClass/iomesh-default',
      'IOMeshCluster/iomesh',
      'ZookeeperCluster/iomesh-zookeeper',
    ],
    config: { managementCluster: { namespace: 'elsewhere', name: 'iomesh' }, rules: QUIET() },
    add: copy('other', 'another', 'iomesh-cluster-1'),
    expect: [
      {
        code: 'IOM201',
        says: [
          '"k8s-cluster"',
          '"another"',
          'other/other',
          'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        ],
        help: ['the management cluster does not define one'],
      },
    ],
  },
  {
    name: 'without a management cluster the majority counts, and each that deviates is named once',
    drop: [
      MANAGEMENT,
      'StorageClass/iomesh-default',
      'IOMeshCluster/iomesh',
      'ZookeeperCluster/iomesh-zookeeper',
    ],
    config: { managementCluster: { namespace: 'elsewhere', name: 'iomesh' }, rules: QUIET() },
    add: copy('a', 'another') + copy('z', 'k8s-cluster') + copy('b', 'a-third'),
    expect: [
      {
        code: 'IOM201',
        object: 'a/a',
        at: 'another',
        help: ['"k8s-cluster"', 'most'],
        related: ['k8s-cluster'],
      },
      { code: 'IOM201', object: 'b/b', at: 'a-third', help: ['"k8s-cluster"', 'most'], fix: 'unsafe' },
    ],
    fixed: `
-  clusterId: another
+  clusterId: k8s-cluster
-  clusterId: a-third
+  clusterId: k8s-cluster`,
  },
  {
    name: 'nothing is said of a foreign ConfigMap with a clusterId',
    add: `apiVersion: v1
kind: ConfigMap
metadata: {name: kafka, namespace: kafka}
data: {clusterId: kafka-1}
`,
    expect: [],
  },
  {
    name: 'a ConfigMap that could not be read may be the management one',
    drop: [MANAGEMENT],
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    config: { rules: QUIET() },
    add: `apiVersion: v1
kind: ConfigMap
metadata:
  name: iomesh-csi-configmap
  namespace: iomesh-system
data:
\tclusterId: another
---
${copy('other', 'k8s-cluster', 'iomesh-cluster-1').slice(4)}`,
    expect: [{ code: 'IOM001' }],
  },
];

/** Rules that speak of what these cases leave out. */
function QUIET() {
  return { IOM204: 'off', IOM206: 'off', IOM503: 'off', IOM301: 'off', IOM705: 'off' } as const;
}

export const change: readonly ChangeCase[] = [
  {
    name: 'a follower with another clusterId is denied',
    drop: [FOLLOWER],
    create: copy('iomesh-cluster-1', 'another'),
    denied: [
      {
        code: 'IOM201',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: ['"another"', '"k8s-cluster"'],
        help: ['"k8s-cluster"'],
      },
    ],
  },
  {
    name: 'a follower with the same clusterId is let in',
    drop: [FOLLOWER],
    create: copy('iomesh-cluster-1', 'k8s-cluster'),
  },
  {
    name: 'changing the management one warns of the follower by name',
    update: { [MANAGEMENT]: [[ID, 'clusterId: renamed']] },
    warned: [
      {
        code: 'IOM201',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        says: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap', '"k8s-cluster"', '"renamed"'],
        help: ['set data.clusterId to "renamed"'],
      },
    ],
  },
  {
    name: 'following the management one is no fault',
    edit: { [MANAGEMENT]: [[ID, 'clusterId: renamed']] },
    update: { [FOLLOWER]: [[ID, 'clusterId: renamed']] },
  },
  {
    name: 'a fault that stood before is only warned of',
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    update: {
      [FOLLOWER]: [['  namespace: iomesh-cluster-1', '  namespace: iomesh-cluster-1\n  labels: {a: b}']],
    },
    warned: [{ code: 'IOM201' }],
  },
  {
    name: 'a new wrong value is denied',
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    update: { [FOLLOWER]: [['clusterId: another', 'clusterId: a-third']] },
    denied: [{ code: 'IOM201' }],
  },
  {
    name: 'a ConfigMap of the management cluster that says otherwise than its followers only warns of them',
    drop: [MANAGEMENT],
    create: copy('iomesh-system', 'renamed', 'iomesh').replace(
      'iomesh-meta-client.iomesh.',
      'iomesh-meta-client.iomesh-system.',
    ),
    warned: [{ code: 'IOM201', object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' }],
  },
  {
    name: 'a StorageClass that makes a ConfigMap a connection warns of what is wrong with it',
    add: `apiVersion: v1
kind: ConfigMap
metadata: {name: extra, namespace: extra}
data: {clusterId: another}
`,
    drop: ['StorageClass/iomesh-cluster-1'],
    config: { rules: { IOM205: 'off', IOM505: 'off', IOM502: 'off' } },
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: extra}
provisioner: com.iomesh.csi-driver
parameters:
  csi.storage.k8s.io/fstype: ext4
  clusterConnection: extra/extra
  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1
`,
    warned: [{ code: 'IOM201', object: 'extra/extra' }],
  },
  {
    name: 'deleting the management one is not held against a follower that differed',
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    add: copy('z', 'k8s-cluster', 'iomesh-cluster-1'),
    drop: ['StorageClass/iomesh-default', 'StorageClass/iomesh-cluster-1'],
    remove: MANAGEMENT,
  },
];
