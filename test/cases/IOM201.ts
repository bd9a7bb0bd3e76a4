import type { ChangeCase, LintCase } from './harness.ts';
import { configMap, connectionMap, storageClass, volume } from './objects.ts';

const MANAGEMENT = 'ConfigMap/iomesh-csi-configmap';
const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const ID = 'clusterId: k8s-cluster';

/** A further connection ConfigMap of a pool; no StorageClass needs it. */
function copy(name: string, clusterId: string, cluster = name): string {
  return `---\n${connectionMap(`${name}/${name}`, `${cluster}/${cluster}`, clusterId)}`;
}

export const lint: readonly LintCase[] = [
  {
    name: 'reports a pool with its own clusterId',
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
    name: 'reports a difference in letter case',
    edit: { [FOLLOWER]: [[ID, 'clusterId: K8s-cluster']] },
    expect: [{ code: 'IOM201', at: 'K8s-cluster', help: ['"k8s-cluster"'] }],
    fixed: `
-  clusterId: K8s-cluster
+  clusterId: k8s-cluster`,
  },
  {
    name: 'accepts quotes and comments',
    edit: { [FOLLOWER]: [[ID, 'clusterId: "k8s-cluster" # the same']] },
    expect: [],
  },
  {
    name: 'reports an empty clusterId as missing',
    edit: { [FOLLOWER]: [[ID, 'clusterId: ""']] },
    expect: [{ code: 'IOM205', at: '""' }],
  },
  {
    name: 'reports a placeholder as IOM007',
    edit: { [FOLLOWER]: [[ID, 'clusterId: <cluster-id>']] },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'does not compare with a placeholder of the management cluster',
    edit: {
      [MANAGEMENT]: [[ID, 'clusterId: <cluster-id>']],
      [FOLLOWER]: [[ID, 'clusterId: another']],
    },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'reports two that differ once if there is no management cluster',
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
    name: 'compares with the most frequent value if there is no management cluster',
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
    name: 'ignores a ConfigMap of other software with a clusterId',
    add: configMap('kafka/kafka', { clusterId: 'kafka-1' }),
    expect: [],
  },
  {
    name: 'skips if an unreadable ConfigMap may be that of the management cluster',
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

/** The ConfigMap of the management cluster in another namespace, named by the class of that cluster. */
const ELSEWHERE = {
  drop: [MANAGEMENT, 'StorageClass/iomesh-default'],
  add: `${connectionMap('iomesh-csi/iomesh-csi', 'iomesh-system/iomesh', 'k8s-cluster')}---
${storageClass('iomesh-default', { clusterConnection: 'iomesh-csi/iomesh-csi', iomeshCluster: 'iomesh-system/iomesh' })}`,
};
/** A ConfigMap that anybody can create. */
const STRANGER = connectionMap('aaa/mine', 'iomesh-system/iomesh', 'evil');

export const change: readonly ChangeCase[] = [
  {
    name: 'compares with the ConfigMap that the class of the management cluster names',
    ...ELSEWHERE,
    create: STRANGER,
    denied: [{ code: 'IOM201', object: 'aaa/mine', says: ['iomesh-csi/iomesh-csi has "k8s-cluster"'] }],
    warned: [{ code: 'IOM206' }],
  },
  {
    name: 'compares with the ConfigMap of the configuration',
    drop: [MANAGEMENT, 'StorageClass/iomesh-default', FOLLOWER],
    config: { managementConnection: { namespace: 'iomesh-csi', name: 'own' }, rules: QUIET() },
    add: `${connectionMap('iomesh-csi/own', 'iomesh-system/iomesh', 'k8s-cluster')}---
${connectionMap('iomesh-system/older', 'iomesh-system/iomesh', 'another')}`,
    create: copy('iomesh-cluster-1', 'a-third'),
    denied: [{ code: 'IOM201', says: ['iomesh-csi/own has "k8s-cluster"'] }],
  },
  {
    name: 'does not compare with the ConfigMap of a stranger',
    drop: [MANAGEMENT, 'StorageClass/iomesh-default', FOLLOWER],
    config: { rules: QUIET() },
    add: STRANGER,
    create: copy('iomesh-cluster-1', 'k8s-cluster'),
    warned: [{ code: 'IOM201', severity: 'warning' }],
  },
  {
    name: "denies one that would replace the management cluster's with another value",
    ...ELSEWHERE,
    create: connectionMap('iomesh-system/new', 'iomesh-system/iomesh', 'renamed'),
    denied: [
      {
        code: 'IOM201',
        object: 'iomesh-system/new',
        says: ["iomesh-system/new would replace iomesh-csi/iomesh-csi as the management cluster's"],
        help: ['set data.clusterId to "k8s-cluster"'],
      },
    ],
    warned: [
      { code: 'IOM201', object: 'iomesh-csi/iomesh-csi' },
      { code: 'IOM201', object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' },
      { code: 'IOM206' },
    ],
  },
  {
    name: "denies one that differs from the management cluster's while that is being deleted",
    drop: [FOLLOWER],
    edit: { [MANAGEMENT]: [['metadata:', 'metadata:\n  deletionTimestamp: "2026-11-23T10:00:00Z"']] },
    config: { rules: QUIET() },
    create: copy('a-third', 'another'),
    denied: [{ code: 'IOM201', says: ['iomesh-system/iomesh-csi-configmap has "k8s-cluster"'] }],
  },
  {
    name: "also compares with the others while the management cluster's is being deleted",
    edit: { [MANAGEMENT]: [['metadata:', 'metadata:\n  deletionTimestamp: "2026-11-23T10:00:00Z"']] },
    create: copy('a-third', 'another'),
    denied: [{ code: 'IOM201', object: 'a-third/a-third', says: ['iomesh-system/iomesh-csi-configmap'] }],
    warned: [
      {
        code: 'IOM201',
        object: 'a-third/a-third',
        says: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
      },
      { code: 'IOM204' },
    ],
  },
  {
    name: "keeps the oldest ConfigMap of the namespace as the management cluster's",
    edit: { [MANAGEMENT]: [['metadata:', 'metadata:\n  creationTimestamp: "2026-01-01T00:00:00Z"']] },
    create: connectionMap('iomesh-system/a', 'iomesh-system/iomesh', 'renamed').replace(
      'metadata:',
      'metadata:\n  creationTimestamp: "2026-02-01T00:00:00Z"',
    ),
    denied: [{ code: 'IOM201', object: 'iomesh-system/a' }],
    warned: [{ code: 'IOM206' }],
  },
  {
    name: 'denies a pool with another clusterId',
    drop: [FOLLOWER],
    create: copy('iomesh-cluster-1', 'another'),
    denied: [
      {
        code: 'IOM201',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: ['"another"', '"k8s-cluster"'],
        help: [
          '"k8s-cluster"; to change it in every ConfigMap, begin with iomesh-system/iomesh-csi-configmap',
        ],
      },
    ],
  },
  {
    name: 'only warns of a restored ConfigMap with the value of another one',
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    create: connectionMap(
      'iomesh-cluster-2/iomesh-cluster-2',
      'iomesh-cluster-2/iomesh-cluster-2',
      'another',
    ),
    warned: [{ code: 'IOM201', severity: 'warning' }, { code: 'IOM204' }],
  },
  {
    name: 'only warns of a restored ConfigMap with a former value, as the volumes of its cluster show',
    drop: [FOLLOWER],
    add: volume('pv-1', { class: 'iomesh-cluster-1', claim: 'default/db' }),
    create: connectionMap(
      'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      'iomesh-cluster-1/iomesh-cluster-1',
      'former',
    ),
    warned: [{ code: 'IOM201', severity: 'warning' }],
  },
  {
    name: 'denies it if only another cluster has volumes',
    drop: [FOLLOWER],
    add: volume('pv-1', { class: 'iomesh-default', claim: 'default/db' }),
    create: connectionMap(
      'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      'iomesh-cluster-1/iomesh-cluster-1',
      'former',
    ),
    denied: [{ code: 'IOM201' }],
  },
  {
    name: 'only warns of a restored ConfigMap while that of the management cluster is missing',
    base: 'empty',
    config: { rules: QUIET() },
    add: copy('a', 'first'),
    create: copy('b', 'second'),
    warned: [{ code: 'IOM201', severity: 'warning' }],
  },
  {
    name: 'only warns of it if it is the first by name',
    base: 'empty',
    config: { rules: QUIET() },
    add: copy('b', 'first'),
    create: copy('a', 'second'),
    warned: [{ code: 'IOM201', severity: 'warning' }],
  },
  {
    name: 'allows a pool with the same clusterId',
    drop: [FOLLOWER],
    create: copy('iomesh-cluster-1', 'k8s-cluster'),
  },
  {
    name: 'warns of each pool if the management cluster changes',
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
    name: 'allows a pool that follows the management cluster',
    edit: { [MANAGEMENT]: [[ID, 'clusterId: renamed']] },
    update: { [FOLLOWER]: [[ID, 'clusterId: renamed']] },
  },
  {
    name: 'warns if an edit leaves the value as it was',
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    update: {
      [FOLLOWER]: [['  namespace: iomesh-cluster-1', '  namespace: iomesh-cluster-1\n  labels: {a: b}']],
    },
    warned: [{ code: 'IOM201' }],
  },
  {
    name: 'denies a new wrong value',
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    update: { [FOLLOWER]: [['clusterId: another', 'clusterId: a-third']] },
    denied: [{ code: 'IOM201' }],
  },
  {
    name: 'warns of the pools if the ConfigMap of the management cluster is created',
    drop: [MANAGEMENT],
    create: connectionMap('iomesh-system/iomesh-system', 'iomesh-system/iomesh', 'renamed'),
    warned: [{ code: 'IOM201', object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' }],
  },
  {
    name: 'warns of previous differences if an edit leaves the value that they are compared with',
    base: 'empty',
    config: { rules: QUIET() },
    add: [copy('a', 'first'), copy('b', 'second'), copy('c', 'third')].join(''),
    update: { 'ConfigMap/a': [['metadata:\n', 'metadata:\n  labels: {team: storage}\n']] },
    warned: [
      { code: 'IOM201', object: 'b/b' },
      { code: 'IOM201', object: 'c/c' },
    ],
  },
  {
    name: 'denies a StorageClass that makes a wrong ConfigMap a connection',
    add: configMap('extra/extra', { clusterId: 'another' }),
    drop: ['StorageClass/iomesh-cluster-1'],
    config: { rules: { IOM205: 'off', IOM505: 'off', IOM502: 'off' } },
    create: storageClass('extra', {
      clusterConnection: 'extra/extra',
      iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1',
    }),
    denied: [{ code: 'IOM201', object: 'extra/extra' }],
  },
  {
    name: 'names the ConfigMaps that differ from another value when that of the management cluster is deleted',
    edit: { [FOLLOWER]: [[ID, 'clusterId: another']] },
    add: copy('z', 'k8s-cluster', 'iomesh-cluster-1'),
    drop: ['StorageClass/iomesh-default', 'StorageClass/iomesh-cluster-1'],
    remove: MANAGEMENT,
    warned: [{ code: 'IOM201', object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' }],
  },
];
