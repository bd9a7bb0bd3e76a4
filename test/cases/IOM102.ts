import type { ChangeCase, LintCase } from './harness.ts';
import { CLUSTER_NODES, labelledNodes, MANAGEMENT_NODES, policy } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const FIRST_CLUSTER_ONLY = [
  CLUSTER,
  ZOOKEEPER,
  'ConfigMap/iomesh-cluster-1-csi-configmap',
  'StorageClass/iomesh-cluster-1',
  'Namespace/iomesh-cluster-1',
];
const NOWHERE = {
  [CLUSTER]: (['chunk', 'meta', 'redirector'] as const).map((each) => policy(each, CLUSTER_NODES)),
  [ZOOKEEPER]: [policy('zookeeper', CLUSTER_NODES)],
};

export const lint: readonly LintCase[] = [
  {
    name: 'one component without node selection takes that of another',
    edit: { [CLUSTER]: [policy('meta', CLUSTER_NODES)] },
    expect: [
      {
        code: 'IOM102',
        at: 'meta',
        path: 'spec.meta.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution',
        severity: 'error',
        says: ['meta can run on any node'],
        help: ['spec.meta.podPolicy', '"k8s-worker-3", "k8s-worker-4" and "k8s-worker-5"', 'as chunk has it'],
        fix: 'unsafe',
      },
    ],
    fixed: `
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
    name: 'nothing pinned at all is one finding an object',
    edit: NOWHERE,
    expect: [
      {
        code: 'IOM102',
        at: 'chunk',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: ['chunk, meta and redirector can run on any node'],
        help: ['for the nodes of this cluster in spec.chunk.podPolicy'],
      },
      {
        code: 'IOM102',
        at: 'affinity',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        says: ['zookeeper'],
      },
    ],
  },
  {
    name: 'the configured pool is the way out',
    edit: NOWHERE,
    config: { pools: { 'iomesh-cluster-1/iomesh-cluster-1': { rack: ['r1', 'r2'] } } },
    expect: [
      { code: 'IOM102', help: ['rack In "r1" and "r2"', 'the configured pool'], fix: 'unsafe' },
      { code: 'IOM102', help: ['rack In "r1" and "r2"'], fix: 'unsafe' },
    ],
    fixed: `
+    podPolicy:
+      affinity:
+        nodeAffinity:
+          requiredDuringSchedulingIgnoredDuringExecution:
+            nodeSelectorTerms:
+              - matchExpressions:
+                  - key: rack
+                    operator: In
+                    values:
+                      - r1
+                      - r2
+    podPolicy:
+      affinity:
+        nodeAffinity:
+          requiredDuringSchedulingIgnoredDuringExecution:
+            nodeSelectorTerms:
+              - matchExpressions:
+                  - key: rack
+                    operator: In
+                    values:
+                      - r1
+                      - r2
+    podPolicy:
+      affinity:
+        nodeAffinity:
+          requiredDuringSchedulingIgnoredDuringExecution:
+            nodeSelectorTerms:
+              - matchExpressions:
+                  - key: rack
+                    operator: In
+                    values:
+                      - r1
+                      - r2
+      nodeAffinity:
+        requiredDuringSchedulingIgnoredDuringExecution:
+          nodeSelectorTerms:
+            - matchExpressions:
+                - key: rack
+                  operator: In
+                  values:
+                    - r1
+                    - r2`,
  },
  {
    name: 'the pool label is the way out where a node carries it',
    edit: NOWHERE,
    config: {
      nodes: labelledNodes({
        0: { a: '' },
        1: { a: '' },
        2: { a: '' },
        3: { 'iomesh-guard.io/pool': 'iomesh-cluster-1' },
        4: { 'iomesh-guard.io/pool': 'iomesh-cluster-1' },
        5: { 'iomesh-guard.io/pool': 'iomesh-cluster-1' },
      }),
    },
    expect: [
      { code: 'IOM102', help: ['iomesh-guard.io/pool In "iomesh-cluster-1"'], fix: 'unsafe' },
      { code: 'IOM102', help: ['iomesh-guard.io/pool In "iomesh-cluster-1"'], fix: 'unsafe' },
    ],
    fixed: `
+    podPolicy:
+      affinity:
+        nodeAffinity:
+          requiredDuringSchedulingIgnoredDuringExecution:
+            nodeSelectorTerms:
+              - matchExpressions:
+                  - key: iomesh-guard.io/pool
+                    operator: In
+                    values:
+                      - iomesh-cluster-1
+    podPolicy:
+      affinity:
+        nodeAffinity:
+          requiredDuringSchedulingIgnoredDuringExecution:
+            nodeSelectorTerms:
+              - matchExpressions:
+                  - key: iomesh-guard.io/pool
+                    operator: In
+                    values:
+                      - iomesh-cluster-1
+    podPolicy:
+      affinity:
+        nodeAffinity:
+          requiredDuringSchedulingIgnoredDuringExecution:
+            nodeSelectorTerms:
+              - matchExpressions:
+                  - key: iomesh-guard.io/pool
+                    operator: In
+                    values:
+                      - iomesh-cluster-1
+      nodeAffinity:
+        requiredDuringSchedulingIgnoredDuringExecution:
+          nodeSelectorTerms:
+            - matchExpressions:
+                - key: iomesh-guard.io/pool
+                  operator: In
+                  values:
+                    - iomesh-cluster-1`,
  },
  {
    name: 'a single cluster has nothing to be kept apart from',
    drop: FIRST_CLUSTER_ONLY,
    edit: { [MANAGEMENT]: [policy('chunk', MANAGEMENT_NODES)] },
    expect: [],
  },
  {
    name: 'a node selector is a node selection',
    edit: {
      [CLUSTER]: (['chunk', 'meta', 'redirector'] as const).map((each) =>
        policy(each, CLUSTER_NODES, 'nodeSelector: {pool: b}'),
      ),
      [ZOOKEEPER]: [policy('zookeeper', CLUSTER_NODES, 'nodeSelector: {pool: b}')],
    },
    expect: [{ code: 'IOM103' }],
  },
];

const SECOND = `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata: {name: two-zookeeper, namespace: two}
spec:
  replicas: 3
  image: {repository: iomesh/zookeeper, tag: 3.5.9, pullPolicy: IfNotPresent}
  pod:
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
            - matchExpressions:
                - {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-6, k8s-worker-7, k8s-worker-8]}
      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 20
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector:
                matchExpressions:
                  - {key: app, operator: In, values: [two-zookeeper]}
  persistence:
    reclaimPolicy: Delete
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: hostpath
      resources: {requests: {storage: 20Gi}}
`;

export const change: readonly ChangeCase[] = [
  {
    name: 'taking the selection away is denied',
    update: { [CLUSTER]: [policy('meta', CLUSTER_NODES)] },
    denied: [{ code: 'IOM102', says: ['meta'] }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'one of two mended is allowed, with a warning of the other',
    edit: { [CLUSTER]: [policy('chunk', CLUSTER_NODES), policy('meta', CLUSTER_NODES)] },
    update: {
      [CLUSTER]: [
        [
          '    dataCIDR: 10.234.2.0/24\n    image:\n      repository: iomesh/zbs-chunkd\n',
          `    dataCIDR: 10.234.2.0/24\n    podPolicy: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [${CLUSTER_NODES.join(', ')}]}]}]}}}}\n    image:\n      repository: iomesh/zbs-chunkd\n`,
        ],
      ],
    },
    warned: [{ code: 'IOM102', says: ['meta can run on any node'] }, { code: 'IOM109' }],
  },
  {
    name: 'another component made worse is denied',
    edit: { [CLUSTER]: [policy('chunk', CLUSTER_NODES)] },
    update: { [CLUSTER]: [policy('meta', CLUSTER_NODES)] },
    denied: [{ code: 'IOM102', says: ['chunk and meta'] }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'the second cluster warns of the first one’s open doors',
    drop: FIRST_CLUSTER_ONLY,
    edit: { [MANAGEMENT]: [policy('chunk', MANAGEMENT_NODES)] },
    create: SECOND,
    warned: [{ code: 'IOM102', object: 'iomesh-system/iomesh', says: ['chunk'] }],
  },
  {
    name: 'a second cluster that is not pinned is denied, be its IOMeshCluster yet to come',
    drop: FIRST_CLUSTER_ONLY,
    create: SECOND.replace(/ {6}nodeAffinity:\n[\s\S]*?(?= {6}podAntiAffinity)/, ''),
    denied: [{ code: 'IOM102', object: 'two/two-zookeeper' }],
  },
  {
    name: 'while being unpinned stands, other edits are warned',
    edit: NOWHERE,
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM102', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
];
