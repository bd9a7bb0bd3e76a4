import type { ChangeCase, LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';
const CLASS = 'StorageClass/iomesh-cluster-1';

export const lint: readonly LintCase[] = [
  {
    name: 'quotes a parameter that is a number',
    edit: { [CLASS]: [['replicaFactor: "2"', 'replicaFactor: 2']] },
    expect: [
      {
        code: 'IOM005',
        at: '2',
        says: ['parameters.replicaFactor', 'a string', 'the number 2'],
        help: ['"2"'],
        fix: 'safe',
        severity: 'error',
      },
    ],
    fixed: `
-  replicaFactor: 2
+  replicaFactor: "2"`,
  },
  {
    name: 'reports a plain yes as a boolean',
    edit: { [CLASS]: [['thinProvision: "true"', 'thinProvision: yes']] },
    expect: [
      { code: 'IOM005', at: 'yes', says: ['the boolean true'], help: ['quote it: "yes"'], fix: 'safe' },
    ],
    fixed: `
-  thinProvision: yes
+  thinProvision: "yes"`,
  },
  {
    name: 'reports a tag that reads as a number',
    edit: {
      [C1]: [
        [
          'repository: iomesh/zbs-metad\n      tag: v5.3.0-rc13-enterprise',
          'repository: iomesh/zbs-metad\n      tag: 1e3',
        ],
      ],
    },
    expect: [{ code: 'IOM005', at: '1e3', says: ['spec.meta.image.tag', 'the number 1000'] }],
    fixed: `
-      tag: 1e3
+      tag: "1e3"`,
  },
  {
    name: 'keeps an integer beyond 2^53 exact',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [['clusterId: k8s-cluster', 'clusterId: 9007199254740993']],
    },
    expect: [{ code: 'IOM005', at: '9007199254740993', help: ['"9007199254740993"'], fix: 'safe' }],
  },
  {
    name: 'reports quoted replicas',
    edit: { [C1]: [['  meta:\n    replicas: 3', '  meta:\n    replicas: "3"']] },
    expect: [
      { code: 'IOM005', at: '"3"', says: ['an integer', 'the string "3"'], help: ['write 3'], fix: 'unsafe' },
    ],
  },
  {
    name: 'accepts 3.0 as an integer',
    edit: { [C1]: [['  meta:\n    replicas: 3', '  meta:\n    replicas: 3.0']] },
    expect: [],
  },
  {
    name: 'accepts a null in a map of strings and as an absent field',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [['\ndata:', '\ndata:\n  other:']],
      [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: ~']],
    },
    expect: [],
  },
  {
    name: 'reports allflash',
    edit: { [C1]: [['hybridFlash', 'allflash']] },
    expect: [
      {
        code: 'IOM005',
        at: 'allflash',
        says: ['"hybridFlash" or "allFlash"'],
        help: ['"allFlash"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'reports reclaimPolicy: delete of a StorageClass',
    edit: { [CLASS]: [['reclaimPolicy: Delete', 'reclaimPolicy: delete']] },
    expect: [{ code: 'IOM005', at: 'delete', help: ['"Delete"'], fix: 'unsafe' }],
  },
  {
    name: 'reports a finalizer of a StorageClass without a domain',
    edit: { [CLASS]: [['metadata:\n', 'metadata:\n  finalizers: [orphan, example.com/backup, backup]\n']] },
    expect: [{ code: 'IOM005', at: 'backup', help: ['example.com/backup'] }],
  },
  {
    name: 'reports a single value instead of a list',
    edit: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        ['      accessModes:\n        - ReadWriteOnce', '      accessModes: ReadWriteOnce'],
      ],
    },
    expect: [{ code: 'IOM005', at: 'ReadWriteOnce', says: ['a list'], fix: 'unsafe' }],
  },
  {
    name: 'reports a tag written under repository',
    edit: {
      [C1]: [
        [
          'repository: iomesh/zbs-metad\n      tag: v5.3.0-rc13-enterprise',
          'repository:\n        tag: v5.3.0-rc13-enterprise',
        ],
      ],
    },
    expect: [
      {
        code: 'IOM005',
        path: 'spec.meta.image.repository',
        says: ['a string', 'an object'],
        help: ['"tag"', 'spec.meta.image.tag'],
      },
    ],
  },
  {
    name: 'reports a size that is not a quantity',
    edit: { 'ZookeeperCluster/iomesh-cluster-1-zookeeper': [['storage: 20Gi', 'storage: 20 GB']] },
    expect: [{ code: 'IOM005', at: '20 GB', says: ['not a quantity'], help: ['20Gi'] }],
  },
  {
    name: 'reports a number as a label and a boolean as an annotation',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [
        ['metadata:\n', 'metadata:\n  labels:\n    n: 1\n  annotations:\n    b: no\n'],
      ],
    },
    expect: [
      { code: 'IOM005', at: '1', fix: 'safe' },
      { code: 'IOM005', at: 'no', says: ['the boolean false'], help: ['quote it: "no"'], fix: 'safe' },
    ],
  },
  {
    name: 'reports an unknown toleration',
    edit: {
      [C1]: [
        ['  redirector:\n', '  redirector:\n    resources: {limits: {cpu: 2, memory: 1.5Gi}}\n'],
        ['  chunk:\n    replicas: 3\n', '  chunk:\n    replicas: 3\n    accessCIDR: [10.0.0.0/8]\n'],
      ],
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        ['  pod:\n', '  pod:\n    tolerations: [{operator: exists}]\n'],
      ],
    },
    expect: [
      { code: 'IOM005', at: 'exists', help: ['"Exists"'], fix: 'unsafe' },
      { code: 'IOM005', at: '[10.0.0.0/8]', says: ['a string', 'a list'] },
    ],
  },
  {
    name: 'reports an unknown access mode of a PersistentVolumeClaim',
    add: `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: claim, namespace: default}
spec:
  storageClassName: iomesh-cluster-1
  accessModes: [ReadWriteOne]
  resources: {requests: {storage: 1.5Gi}}
`,
    expect: [{ code: 'IOM005', at: 'ReadWriteOne', help: ['"ReadWriteOnce"'], fix: 'unsafe' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'reports nothing at admission, where the apiserver rejects it',
    update: { [C1]: [['hybridFlash', 'allflash']] },
    // No word of the type; that a layout in use changes is another matter.
    warned: [{ code: 'IOM605', at: 'allflash' }],
  },
];
