import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';
import { configMap } from './objects.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const ID = '  clusterId: k8s-cluster\n';
const PORTAL = '  iscsiPortal: 127.0.0.1:3260\n';
const ADDRESS = '  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100\n';
const RIGHT = '"iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100"';

export const lint: readonly LintCase[] = [
  {
    name: 'fills a missing clusterId',
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
    name: 'fills a missing iscsiPortal',
    edit: { [FOLLOWER]: [[PORTAL, '']] },
    expect: [{ code: 'IOM205', path: 'data.iscsiPortal', help: ['"127.0.0.1:3260"'], fix: 'safe' }],
    fixed: `
+  iscsiPortal: 127.0.0.1:3260`,
  },
  {
    name: 'fills a missing metaAddr',
    edit: { [FOLLOWER]: [[ADDRESS, '']] },
    expect: [{ code: 'IOM205', path: 'data.metaAddr', help: [RIGHT], fix: 'safe' }],
    fixed: `
+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100`,
  },
  {
    name: 'reports two missing keys once',
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
    name: 'renames a misspelled key',
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
    name: 'reports a null and an empty text as missing',
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
    name: 'offers no fix for the clusterId of the management cluster',
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
    name: 'reports all three keys of a ConfigMap that only a StorageClass names',
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
    name: 'reports a ConfigMap with clusterId and a name of IOMesh',
    add: configMap('iomesh-cluster-1/iomesh-extra', { clusterId: 'k8s-cluster' }),
    expect: [
      {
        code: 'IOM205',
        object: 'iomesh-cluster-1/iomesh-extra',
        says: ['has no iscsiPortal and no metaAddr'],
      },
    ],
  },
  {
    name: 'reports a ConfigMap with one key and a misspelled one',
    add: configMap('web/extra', { clusterId: 'k8s-cluster', iscsiportal: '127.0.0.1:3260' }),
    expect: [{ code: 'IOM205', object: 'web/extra' }],
  },
  {
    name: 'reports a ConfigMap with the address of a cluster only',
    add: configMap('web/extra', { metaAddr: 'iomesh-meta-client.iomesh-system.svc.cluster.local:10100' }),
    expect: [{ code: 'IOM205', object: 'web/extra' }, { code: 'IOM206' }],
  },
  {
    name: 'ignores a ConfigMap with a clusterId only, next to an IOMeshCluster',
    add: configMap('iomesh-cluster-1/extra', { clusterId: 'k8s-cluster' }),
    expect: [],
  },
  {
    name: 'ignores a ConfigMap of other software',
    add: configMap('iomesh-cluster-1/extra', { clusterID: 'k8s-cluster', 'config.json': '"{}"' }),
    expect: [],
  },
  {
    name: 'checks an existing ConfigMap in 1.2',
    config: { iomeshVersion: '1.2', rules: { IOM501: 'off', IOM402: 'off', IOM401: 'off' } },
    edit: { [FOLLOWER]: [[PORTAL, '']] },
    expect: [{ code: 'IOM205' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a StorageClass that makes an incomplete ConfigMap a connection',
    drop: ['StorageClass/iomesh-cluster-1', FOLLOWER],
    add: configMap('iomesh-cluster-1/iomesh-cluster-1-csi-configmap', { clusterID: 'k8s-cluster' }),
    create: baseDocuments().get('StorageClass/iomesh-cluster-1')!,
    denied: [{ code: 'IOM205', object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' }],
  },
  {
    name: 'denies an incomplete ConfigMap',
    update: { [FOLLOWER]: [[PORTAL, '']] },
    denied: [{ code: 'IOM205', says: ['iscsiPortal'] }],
  },
  {
    name: 'warns of the second key if the first is fixed',
    edit: { [FOLLOWER]: [[ID + PORTAL, '']] },
    update: { [FOLLOWER]: [['\ndata:\n', `\ndata:\n${ID}`]] },
    warned: [{ code: 'IOM205', says: ['has no iscsiPortal'] }],
  },
  {
    name: 'denies another missing key',
    edit: { [FOLLOWER]: [[ID, '']] },
    update: { [FOLLOWER]: [[PORTAL, '']] },
    denied: [{ code: 'IOM205', says: ['has no clusterId and no iscsiPortal'] }],
  },
  {
    name: 'denies a ConfigMap that is named as a connection, also before its IOMeshCluster',
    create: configMap('small/small-csi-configmap', { clusterId: 'k8s-cluster' }),
    denied: [{ code: 'IOM205', object: 'small/small-csi-configmap' }, { code: 'IOM409' }],
  },
];
