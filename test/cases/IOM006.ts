import type { ChangeCase, LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';
const ZK1 = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';

/** The section of the metadata servers. */
const META = `  meta:
    replicas: 3
    image:
      repository: iomesh/zbs-metad
      tag: v5.3.0-rc13-enterprise
      pullPolicy: IfNotPresent
    podPolicy:
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: kubernetes.io/hostname
                    operator: In
                    values:
                      - k8s-worker-3
                      - k8s-worker-4
                      - k8s-worker-5
  chunk:
`;

/** The ZookeeperCluster sample of the guide: three null keys with their children beside them. */
const OUTDENTED = [
  [
    '  image:\n    repository: iomesh/zookeeper\n    tag: 3.5.9\n    pullPolicy: IfNotPresent\n',
    '  image:\n  repository: iomesh/zookeeper\n  tag: 3.5.9\n  pullPolicy: IfNotPresent\n',
  ],
  ['    securityContext:\n      runAsUser: 0', '  securityContext:\n    runAsUser: 0'],
  ['  pod:\n    affinity:', '  pod:\n  affinity:'],
  [
    '  persistence:\n    reclaimPolicy: Delete\n    spec:',
    '  persistence:\n  reclaimPolicy: Delete\n  spec:',
  ],
] as const;

export const lint: readonly LintCase[] = [
  {
    name: 'reports missing replicas, which have no default',
    edit: { [C1]: [['  meta:\n    replicas: 3\n', '  meta:\n']] },
    expect: [
      {
        code: 'IOM006',
        at: 'meta',
        path: 'spec.meta.replicas',
        says: ['spec.meta.replicas is missing'],
        help: ['add spec.meta.replicas'],
        severity: 'error',
        fix: 'shown',
      },
    ],
  },
  {
    name: 'accepts a missing field that has a default if the webhook adds it',
    config: { completedBy: 'webhook' },
    edit: {
      [C1]: [
        ['      repository: iomesh/zbs-metad\n', ''],
        ['  storageClass: hostpath\n', ''],
        ['  reclaimPolicy:\n    volume: Delete\n    blockdevice: Delete\n', ''],
        [
          '    dataCIDR: 10.234.2.0/24\n    image:\n      repository: iomesh/zbs-chunkd',
          '    image:\n      repository: iomesh/zbs-chunkd',
        ],
        [
          '  toolbox:\n    image:\n      repository: iomesh/operator-toolbox\n      tag: v1.0.1\n      pullPolicy: IfNotPresent\n',
          '',
        ],
      ],
    },
    expect: [],
  },
  {
    name: 'reports missing and null fields that have a default, and adds it',
    edit: {
      [C1]: [
        ['  storageClass: hostpath\n', '  storageClass:\n'],
        [
          '  toolbox:\n    image:\n      repository: iomesh/operator-toolbox\n      tag: v1.0.1\n      pullPolicy: IfNotPresent\n',
          '',
        ],
      ],
    },
    expect: [
      {
        code: 'IOM006',
        path: 'spec.storageClass',
        severity: 'error',
        help: ['completedBy: webhook'],
        fix: 'unsafe',
      },
      { code: 'IOM006', path: 'spec.toolbox', fix: 'unsafe' },
    ],
    fixed: `
-  storageClass:
+  storageClass: hostpath
+  toolbox:
+    image:
+      repository: iomesh/operator-toolbox
+      tag: v1.0.1
+      pullPolicy: IfNotPresent`,
  },
  {
    name: 'reports a missing image of the management cluster, which has no default',
    edit: { 'IOMeshCluster/iomesh': [['      repository: iomesh/zbs-metad\n', '']] },
    expect: [{ code: 'IOM006', path: 'spec.meta.image.repository', object: 'iomesh-system/iomesh' }],
  },
  {
    name: 'reports a missing section once',
    edit: { [C1]: [[META, '  chunk:\n']] },
    expect: [{ code: 'IOM006', at: 'spec', path: 'spec.meta', says: ['spec.meta is missing'] }],
  },
  {
    name: 'reports an object without a name',
    edit: { 'StorageClass/iomesh-cluster-1': [['  name: iomesh-cluster-1\n', '  labels: {}\n']] },
    expect: [{ code: 'IOM006', path: 'metadata.name', says: ['metadata.name is missing'] }],
  },
  {
    name: 'accepts generateName instead of a name',
    add: `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {generateName: claim-, namespace: default}
spec:
  storageClassName: iomesh-cluster-1
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
`,
    expect: [],
  },
  {
    name: 'reports an expression without an operator',
    edit: {
      [ZK1]: [
        [
          '                  operator: In\n                  values:\n                    - k8s',
          '                  values:\n                    - k8s',
        ],
      ],
    },
    expect: [{ code: 'IOM006', path: 'matchExpressions[0].operator' }],
  },
  {
    name: 'reports three null keys once each, together with their children',
    edit: { [ZK1]: [...OUTDENTED] },
    expect: [
      {
        code: 'IOM006',
        at: 'image',
        says: ['spec.image is empty', '"repository"', '"tag"'],
        help: ['indent', '"image"'],
      },
      { code: 'IOM006', at: 'pod', says: ['"affinity"', '"securityContext"'], fix: 'shown' },
      { code: 'IOM006', at: 'persistence', says: ['"reclaimPolicy"', '"spec"'] },
    ],
  },
  {
    name: 'reports an expression next to its matchExpressions',
    edit: {
      [ZK1]: [
        [
          `            - matchExpressions:
                - key: kubernetes.io/hostname
                  operator: In
                  values:
`,
          `            - matchExpressions:
              key: kubernetes.io/hostname
              operator: In
              values:
`,
        ],
      ],
    },
    expect: [{ code: 'IOM006', at: 'matchExpressions', says: ['"key"', '"operator"', '"values"'] }],
  },
  {
    name: 'reports an expression that became the next term',
    edit: {
      [ZK1]: [
        [
          `            - matchExpressions:
                - key: kubernetes.io/hostname
                  operator: In
                  values:
`,
          `            - matchExpressions:
            - key: kubernetes.io/hostname
              operator: In
              values:
`,
        ],
      ],
    },
    expect: [{ code: 'IOM006', at: 'matchExpressions', says: ['"key"'], help: ['indent'] }],
  },
  {
    name: 'reports the keys of a connection next to data',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [
        ['  clusterId: k8s', 'clusterId: k8s'],
        ['  iscsiPortal', 'iscsiPortal'],
        ['  metaAddr', 'metaAddr'],
      ],
    },
    expect: [{ code: 'IOM006', at: 'data', says: ['"clusterId"', '"metaAddr"'] }],
  },
  {
    name: 'accepts a null key next to known fields',
    edit: { [ZK1]: [['  replicas: 3\n', '  replicas: 3\n  labels:\n']] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a missing field without a default',
    update: { 'IOMeshCluster/iomesh': [['      repository: iomesh/zbs-metad\n', '']] },
    denied: [{ code: 'IOM006', path: 'spec.meta.image.repository' }],
  },
  {
    name: 'allows an object whose missing fields were filled',
    update: { [C1]: [['licenseSecretName: a', 'licenseSecretName: b']] },
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: a']] },
  },
  {
    name: 'warns of other clusters whose defaults end with the change',
    edit: { [C1]: [['      repository: iomesh/zbs-metad\n', '']] },
    update: { 'IOMeshCluster/iomesh': [['      repository: iomesh/zbs-metad\n', '']] },
    denied: [{ code: 'IOM006', object: 'iomesh-system/iomesh' }],
    warned: [{ code: 'IOM006', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'denies a key that lost its children',
    update: { [ZK1]: [...OUTDENTED] },
    denied: [
      { code: 'IOM006', path: 'spec.image' },
      { code: 'IOM006', path: 'spec.pod' },
      { code: 'IOM006', path: 'spec.persistence' },
    ],
  },
  {
    name: 'warns if an edit leaves a missing field as it was',
    edit: { [C1]: [['  meta:\n    replicas: 3\n', '  meta:\n']] },
    update: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: a']] },
    warned: [{ code: 'IOM006', path: 'spec.meta.replicas' }],
  },
];
