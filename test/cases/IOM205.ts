import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const ID = '  clusterId: k8s-cluster\n';
const PORTAL = '  iscsiPortal: 127.0.0.1:3260\n';
const ADDRESS = '  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100\n';
const RIGHT = '"iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100"';

export const lint: readonly LintCase[] = [
  {
    name: 'no clusterId',
    edit: { [FOLLOWER]: [[ID, '']] },
    expect: [
      {
        code: 'IOM205',
        severity: 'error',
        at: 'data',
        path: 'data.clusterId',
        says: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap has no clusterId'],
        help: ['data.clusterId to "k8s-cluster"'],
        fix: 'safe',
      },
    ],
    fixed: `
+  clusterId: k8s-cluster`,
  },
  {
    name: 'no portal',
    edit: { [FOLLOWER]: [[PORTAL, '']] },
    expect: [{ code: 'IOM205', path: 'data.iscsiPortal', help: ['"127.0.0.1:3260"'], fix: 'safe' }],
    fixed: `
+  iscsiPortal: 127.0.0.1:3260`,
  },
  {
    name: 'no address',
    edit: { [FOLLOWER]: [[ADDRESS, '']] },
    expect: [{ code: 'IOM205', path: 'data.metaAddr', help: [RIGHT], fix: 'safe' }],
    fixed: `
+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100`,
  },
  {
    name: 'two missing keys are one finding',
    edit: { [FOLLOWER]: [[ID + PORTAL, '']] },
    expect: [
      {
        code: 'IOM205',
        at: 'data',
        path: 'data',
        says: ['has no clusterId and no iscsiPortal'],
        fix: 'safe',
      },
    ],
  },
  {
    name: 'a misspelt key is to be renamed',
    edit: { [FOLLOWER]: [['metaAddr:', 'metaAdr:']] },
    expect: [
      {
        code: 'IOM205',
        at: 'metaAdr',
        says: ['has "metaAdr" instead of metaAddr'],
        help: ['rename data.metaAdr to data.metaAddr'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'a null is missing, an empty text too',
    edit: { [FOLLOWER]: [[PORTAL + ADDRESS, '  iscsiPortal:\n  metaAddr: ""\n']] },
    expect: [
      {
        code: 'IOM205',
        says: ['has no iscsiPortal and an empty metaAddr'],
        help: [RIGHT],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'the clusterId of the management cluster is for a person to choose',
    edit: { 'ConfigMap/iomesh-csi-configmap': [[ID, '']] },
    expect: [
      {
        code: 'IOM205',
        object: 'iomesh-system/iomesh-csi-configmap',
        help: ['a name for this Kubernetes cluster'],
        fix: 'shown',
      },
    ],
  },
  {
    name: 'a ConfigMap that only a StorageClass marks lacks all three',
    edit: { [FOLLOWER]: [[ID + PORTAL + ADDRESS, '  other: value\n']] },
    expect: [
      {
        code: 'IOM205',
        at: 'data',
        says: ['has no clusterId, no iscsiPortal and no metaAddr'],
        related: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
      },
    ],
  },
  {
    name: 'a clusterId beside an IOMeshCluster marks one',
    add: `apiVersion: v1
kind: ConfigMap
metadata: {name: extra, namespace: iomesh-cluster-1}
data: {clusterId: k8s-cluster}
`,
    expect: [
      { code: 'IOM205', object: 'iomesh-cluster-1/extra', says: ['has no iscsiPortal and no metaAddr'] },
    ],
  },
  {
    name: 'nothing is said of a foreign ConfigMap',
    add: `apiVersion: v1
kind: ConfigMap
metadata: {name: extra, namespace: iomesh-cluster-1}
data: {clusterID: k8s-cluster, config.json: "{}"}
`,
    expect: [],
  },
  {
    name: 'a ConfigMap that is there is judged in 1.2 too',
    config: { iomeshVersion: '1.2', rules: { IOM501: 'off', IOM402: 'off', IOM401: 'off' } },
    edit: { [FOLLOWER]: [[PORTAL, '']] },
    expect: [{ code: 'IOM205' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'an incomplete ConfigMap is denied',
    update: { [FOLLOWER]: [[PORTAL, '']] },
    denied: [{ code: 'IOM205', says: ['iscsiPortal'] }],
  },
  {
    name: 'mending one of two is allowed',
    edit: { [FOLLOWER]: [[ID + PORTAL, '']] },
    update: { [FOLLOWER]: [['\ndata:\n', `\ndata:\n${ID}`]] },
    warned: [{ code: 'IOM205', says: ['has no iscsiPortal'] }],
  },
  {
    name: 'making it worse is denied',
    edit: { [FOLLOWER]: [[ID, '']] },
    update: { [FOLLOWER]: [[PORTAL, '']] },
    denied: [{ code: 'IOM205', says: ['has no clusterId and no iscsiPortal'] }],
  },
  {
    name: 'a cluster beside a foreign ConfigMap warns of it',
    drop: ['IOMeshCluster/iomesh-cluster-1', FOLLOWER, 'StorageClass/iomesh-cluster-1'],
    config: { rules: { IOM102: 'off', IOM301: 'off', IOM006: 'off' } },
    add: `apiVersion: v1
kind: ConfigMap
metadata: {name: extra, namespace: iomesh-cluster-1}
data: {clusterId: k8s-cluster}
`,
    create: `apiVersion: iomesh.com/v1alpha1
kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
spec: {}
`,
    warned: [{ code: 'IOM205', object: 'iomesh-cluster-1/extra' }],
  },
];
