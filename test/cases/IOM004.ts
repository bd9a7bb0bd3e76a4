import type { ChangeCase, LintCase } from './harness.ts';
import { diffLines, nodeAffinity } from './objects.ts';
import { CLUSTER_NODES } from './placement.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';

const PLACED = `    podPolicy:\n      affinity:\n${nodeAffinity(8, CLUSTER_NODES)}`;
const MISPLACED = nodeAffinity(4, CLUSTER_NODES);

export const lint: readonly LintCase[] = [
  {
    name: 'reports tags instead of tag, and not the missing tag',
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
    name: 'reports blockDeviceNamespace directly under chunk',
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
    name: 'reports nodeAffinity directly under meta',
    edit: {
      [C1]: [
        [
          `      pullPolicy: IfNotPresent
${PLACED}
  chunk:`,
          `      pullPolicy: IfNotPresent
${MISPLACED}
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
    fixed: `${diffLines('-', MISPLACED)}
${diffLines('+', PLACED)}`,
  },
  {
    name: 'reports replicaCount, the name in the Helm values',
    edit: { [C1]: [['  chunk:\n    replicas: 3', '  chunk:\n    replicaCount: 3']] },
    expect: [{ code: 'IOM004', at: 'replicaCount', says: ['the field is called "replicas"'], fix: 'unsafe' }],
  },
  {
    name: 'reports a capital letter in Values',
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
    name: 'reports a misspelled matchExpressions',
    edit: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        ['            - matchExpressions:', '            - matchExpresions:'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'matchExpresions', says: ['did you mean "matchExpressions"?'] }],
  },
  {
    name: 'offers no fix if the right place is already set',
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
    name: 'reports a field of IOMesh 1.1 under 1.0, as image tags of 1.0 show',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  edition: enterprise']] },
    expect: [
      { code: 'IOM004', at: 'edition', says: ['only from IOMesh 1.1 on'], help: ['iomeshVersion: "1.1"'] },
    ],
  },
  {
    name: 'accepts any mount type, but reports an unknown field of its entry',
    edit: {
      [C1]: [
        ['      dataStore:\n        selector:', '      dataStore:\n        include: [a]\n        selector:'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'include', says: ['1.1'] }],
  },
  {
    name: 'reports a zookeeper section in the IOMeshCluster',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  zookeeper:\n    replicas: 3']] },
    expect: [{ code: 'IOM004', at: 'zookeeper', help: ['ZookeeperCluster'] }],
  },
  {
    name: 'names the place for a path of the Helm values in the IOMeshCluster',
    edit: {
      [C1]: [
        [
          '  storageClass: hostpath',
          '  storageClass: hostpath\n  iomesh: {meta: {podPolicy: {nodeSelector: {a: b}}}}',
        ],
      ],
    },
    expect: [{ code: 'IOM004', at: 'iomesh', help: ['move its contents to spec', 'spec.meta.podPolicy'] }],
  },
  {
    name: 'lists all places for a nodeAffinity that could belong to any component',
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
    name: 'reports a path that is written as one key',
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
    name: 'lists the known fields for an unknown section and checks nothing under it',
    edit: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  frobnicate:\n    a: <b>']] },
    expect: [{ code: 'IOM004', at: 'frobnicate', help: ['diskDeploymentMode'] }],
  },
  {
    name: 'accepts any key in the data of a ConfigMap and any parameter of a StorageClass',
    edit: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [['\ndata:', '\ndata:\n  anything: at all']] },
    expect: [],
  },
  {
    name: 'reports label instead of labels',
    edit: {
      'StorageClass/iomesh-cluster-1': [
        ['  name: iomesh-cluster-1', '  name: iomesh-cluster-1\n  label: {a: b}'],
      ],
    },
    expect: [{ code: 'IOM004', at: 'label', says: ['"labels"'], fix: 'unsafe' }],
  },
  {
    name: 'ignores a ConfigMap and a StorageClass of other software',
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
    name: 'accepts platform, edition and include in 1.2',
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
    name: 'reports nothing at admission, where the apiserver has handled it',
    update: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  frobnicate: 1']] },
  },
];
