import type { ChangeCase, LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';

export const lint: readonly LintCase[] = [
  {
    name: 'tags for tag: the missing tag is not reported besides',
    edit: {
      [C1]: [['repository: iomesh/zbs-metad\n      tag:', 'repository: iomesh/zbs-metad\n      tags:']],
    },
    expect: [
      {
        code: 'IOM004',
        at: 'tags',
        says: ['"tags"', 'spec.meta.image', '"tag"'],
        help: ['rename it to "tag"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      tags: v5.3.0-rc13-enterprise
+      tag: v5.3.0-rc13-enterprise`,
  },
  {
    name: 'blockDeviceNamespace directly under chunk',
    edit: {
      [C1]: [
        ['      blockDeviceNamespace: iomesh-system\n', ''],
        ['  chunk:\n', '  chunk:\n    blockDeviceNamespace: iomesh-system\n'],
      ],
    },
    expect: [
      {
        code: 'IOM004',
        at: 'blockDeviceNamespace',
        says: ['it belongs at spec.chunk.devicemanager.blockDeviceNamespace'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-    blockDeviceNamespace: iomesh-system
+      blockDeviceNamespace: iomesh-system`,
  },
  {
    name: 'nodeAffinity directly under meta',
    edit: {
      [C1]: [
        [
          `      pullPolicy: IfNotPresent
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
  chunk:`,
          `      pullPolicy: IfNotPresent
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
  chunk:`,
        ],
      ],
    },
    expect: [
      {
        code: 'IOM004',
        at: 'nodeAffinity',
        says: ['spec.meta.podPolicy.affinity.nodeAffinity'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-    nodeAffinity:
-      requiredDuringSchedulingIgnoredDuringExecution:
-        nodeSelectorTerms:
-          - matchExpressions:
-              - key: kubernetes.io/hostname
-                operator: In
-                values:
-                  - k8s-worker-3
-                  - k8s-worker-4
-                  - k8s-worker-5
+    podPolicy:
+      affinity:
+        nodeAffinity:
+          requiredDuringSchedulingIgnoredDuringExecution:
+            nodeSelectorTerms:
+              - matchExpressions:
+                  - key: kubernetes.io/hostname
+                    operator: In
+                    values:
+                      - k8s-worker-3
+                      - k8s-worker-4
+                      - k8s-worker-5`,
  },
  {
    name: 'replicaCount, the name in the Helm values',
    edit: { [C1]: [['  chunk:\n    replicas: 3', '  chunk:\n    replicaCount: 3']] },
    expect: [{ code: 'IOM004', at: 'replicaCount', says: ['the field is called "replicas"'], fix: 'unsafe' }],
  },
  {
    name: 'a capital letter: Values',
    edit: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        [
          '                  values:\n                    - k8s',
          '                  Values:\n                    - k8s',
        ],
      ],
    },
    expect: [{ code: 'IOM004', at: 'Values', says: ['"values"'], fix: 'unsafe' }],
  },
  {
    name: 'a misspelt matchExpressions',
    edit: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        ['            - matchExpressions:', '            - matchExpresions:'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'matchExpresions', says: ['did you mean "matchExpressions"?'] }],
  },
  {
    name: 'the place is taken: no fix moves it there',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  deviceMap: {}']] },
    expect: [
      {
        code: 'IOM004',
        at: 'deviceMap',
        says: ['spec.chunk.deviceMap'],
        help: ['already set'],
      },
    ],
  },
  {
    name: 'a field of IOMesh 1.2 under 1.0',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  edition: enterprise']] },
    expect: [
      { code: 'IOM004', at: 'edition', says: ['only from IOMesh 1.2 on'], help: ['iomeshVersion: "1.2"'] },
    ],
  },
  {
    name: 'a mount type may have any name; a field of its entry may not',
    edit: {
      [C1]: [
        ['      dataStore:\n        selector:', '      dataStore:\n        include: [a]\n        selector:'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'include', says: ['1.2'] }],
  },
  {
    name: 'a zookeeper section in the IOMeshCluster',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  zookeeper:\n    replicas: 3']] },
    expect: [{ code: 'IOM004', at: 'zookeeper', help: ['ZookeeperCluster'] }],
  },
  {
    name: 'a nodeAffinity that could belong to any component',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  nodeAffinity: {}']] },
    expect: [
      {
        code: 'IOM004',
        at: 'nodeAffinity',
        says: ['spec.meta.podPolicy.affinity.nodeAffinity', 'or spec.redirector'],
        help: ['each place'],
      },
    ],
  },
  {
    name: 'a path written as one key',
    edit: {
      [C1]: [
        ['      repository: iomesh/operator-probe\n', ''],
        ['  probe:\n    image:', '  probe:\n    image.repository: iomesh/operator-probe\n    image:'],
      ],
    },
    expect: [
      { code: 'IOM004', at: 'image.repository', says: ['spec.probe.image.repository'], fix: 'unsafe' },
    ],
  },
  {
    name: 'something nobody knows: the fields that are known are named, and nothing under it is judged',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  frobnicate:\n    a: <b>']] },
    expect: [{ code: 'IOM004', at: 'frobnicate', help: ['diskDeploymentMode'] }],
  },
  {
    name: 'keys of a ConfigMap and parameters of a StorageClass are no fields',
    edit: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [['\ndata:', '\ndata:\n  anything: at all']] },
    expect: [],
  },
  {
    name: 'a label beside labels',
    edit: {
      'StorageClass/iomesh-cluster-1': [
        ['  name: iomesh-cluster-1', '  name: iomesh-cluster-1\n  label: {a: b}'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'label', says: ['"labels"'], fix: 'unsafe' }],
  },
  {
    name: 'a ConfigMap and a StorageClass of somebody else',
    add: `apiVersion: v1
kind: ConfigMap
metadata: {name: other, namespace: default, label: a}
data: {a: "1"}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: other}
provisioner: example.com/other
parameter: {a: b}
`,
    expect: [],
  },
  {
    name: 'IOMesh 1.2 knows platform, edition and include',
    config: { iomeshVersion: '1.2' },
    drop: ['ConfigMap/iomesh-csi-configmap', 'ConfigMap/iomesh-cluster-1-csi-configmap'],
    edit: {
      [C1]: [
        ['  storageClass: hostpath', '  storageClass: hostpath\n  edition: enterprise\n  platform: ""'],
        ['      dataStore:\n        selector:', '      dataStore:\n        include: [a]\n        selector:'],
      ],
      'IOMeshCluster/iomesh': [
        ['  storageClass: hostpath', '  storageClass: hostpath\n  edition: enterprise'],
      ],
      'StorageClass/iomesh-cluster-1': [
        ['  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap\n', ''],
      ],
      'StorageClass/iomesh-default': [['  clusterConnection: iomesh-system/iomesh-csi-configmap\n', '']],
    },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'the apiserver has refused or dropped it: nothing to say',
    update: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  frobnicate: 1']] },
  },
];
