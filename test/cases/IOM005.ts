import type { ChangeCase, LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';
const CLASS = 'StorageClass/iomesh-cluster-1';

export const lint: readonly LintCase[] = [
  {
    name: 'a parameter that is a number: quoting keeps its text',
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
    name: 'a plain yes is a boolean',
    edit: { [CLASS]: [['thinProvision: "true"', 'thinProvision: yes']] },
    expect: [
      { code: 'IOM005', at: 'yes', says: ['the boolean true'], help: ['quote it: "yes"'], fix: 'safe' },
    ],
    fixed: `
-  thinProvision: yes
+  thinProvision: "yes"`,
  },
  {
    name: 'a tag that is a number in disguise',
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
    name: 'an integer beyond 2^53 stays exact',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [['clusterId: k8s-cluster', 'clusterId: 9007199254740993']],
    },
    expect: [{ code: 'IOM005', at: '9007199254740993', help: ['"9007199254740993"'], fix: 'safe' }],
  },
  {
    name: 'quoted replicas',
    edit: { [C1]: [['  meta:\n    replicas: 3', '  meta:\n    replicas: "3"']] },
    expect: [
      { code: 'IOM005', at: '"3"', says: ['an integer', 'the string "3"'], help: ['write 3'], fix: 'unsafe' },
    ],
  },
  {
    name: '3.0 is an integer',
    edit: { [C1]: [['  meta:\n    replicas: 3', '  meta:\n    replicas: 3.0']] },
    expect: [],
  },
  {
    name: 'a null in a text map is empty text, elsewhere it is absent',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [['\ndata:', '\ndata:\n  other:']],
      [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: ~']],
    },
    expect: [],
  },
  {
    name: 'allflash',
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
    name: 'reclaimPolicy: delete on a StorageClass',
    edit: { [CLASS]: [['reclaimPolicy: Delete', 'reclaimPolicy: delete']] },
    expect: [{ code: 'IOM005', at: 'delete', help: ['"Delete"'], fix: 'unsafe' }],
  },
  {
    name: 'one value where a list is due',
    edit: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        ['      accessModes:\n        - ReadWriteOnce', '      accessModes: ReadWriteOnce'],
      ],
    },
    expect: [{ code: 'IOM005', at: 'ReadWriteOnce', says: ['a list'], fix: 'unsafe' }],
  },
  {
    name: 'a tag written under repository',
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
    name: 'a size that is no quantity',
    edit: { 'ZookeeperCluster/iomesh-cluster-1-zookeeper': [['storage: 20Gi', 'storage: 20 GB']] },
    expect: [{ code: 'IOM005', at: '20 GB', says: ['not a quantity'], help: ['20Gi'] }],
  },
  {
    name: 'a number as a label, a boolean as an annotation',
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
    name: 'a toleration that Kubernetes does not know',
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
    name: 'a PersistentVolumeClaim with an access mode nobody knows',
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
    name: 'the apiserver refuses it before anybody is asked',
    update: { [C1]: [['hybridFlash', 'allflash']] },
    // No word of the type; that a layout in use changes is another matter.
    warned: [{ code: 'IOM605', at: 'allflash' }],
  },
];
