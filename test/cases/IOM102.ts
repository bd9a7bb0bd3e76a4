import type { ChangeCase, LintCase } from './harness.ts';
import { diffLines, nodeAffinity, oneTerm, POOL_DOCUMENTS, zookeeperOf } from './objects.ts';
import { CLUSTER_NODES, labelledNodes, MANAGEMENT_NODES, policy } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const NOWHERE = {
  [CLUSTER]: (['chunk', 'meta', 'redirector'] as const).map((each) => policy(each, CLUSTER_NODES)),
  [ZOOKEEPER]: [policy('zookeeper', CLUSTER_NODES)],
};

/** The lines that a fix adds to a component without podPolicy. */
function addedPolicy(values: readonly string[], key?: string): string {
  return diffLines('+', `    podPolicy:\n      affinity:\n${nodeAffinity(8, values, key)}`);
}

/** The lines that a fix adds to all components without node selection; ZooKeeper has an affinity. */
function addedEverywhere(values: readonly string[], key: string): string {
  const policies = ['chunk', 'meta', 'redirector'].map(() => addedPolicy(values, key));
  return [...policies, diffLines('+', nodeAffinity(6, values, key))].join('\n');
}

export const lint: readonly LintCase[] = [
  {
    name: 'proposes the node selection of another component',
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
    name: 'reports one finding per object if no component is placed',
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
    name: 'proposes the configured pool',
    edit: NOWHERE,
    config: { pools: { 'iomesh-cluster-1/iomesh-cluster-1': { rack: ['r1', 'r2'] } } },
    expect: [
      { code: 'IOM102', help: ['rack In "r1" and "r2"', 'the configured pool'], fix: 'unsafe' },
      { code: 'IOM102', help: ['rack In "r1" and "r2"'], fix: 'unsafe' },
    ],
    fixed: addedEverywhere(['r1', 'r2'], 'rack'),
  },
  {
    name: 'proposes the pool label if a node has it',
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
    fixed: addedEverywhere(['iomesh-cluster-1'], 'iomesh-guard.io/pool'),
  },
  {
    name: 'accepts a single cluster without node selection',
    drop: POOL_DOCUMENTS,
    edit: { [MANAGEMENT]: [policy('chunk', MANAGEMENT_NODES)] },
    expect: [],
  },
  {
    name: 'warns from 1.1 on, but not of the redirector',
    config: { iomeshVersion: '1.1' },
    edit: NOWHERE,
    expect: [
      {
        code: 'IOM102',
        severity: 'warning',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: ['chunk and meta can run on any node'],
        help: ['spec.chunk.podPolicy and spec.meta.podPolicy before its pods are created'],
      },
      { code: 'IOM102', severity: 'warning', says: ['zookeeper'] },
    ],
  },
  {
    name: 'accepts a redirector without node selection from 1.1 on',
    config: { iomeshVersion: '1.1' },
    edit: { [CLUSTER]: [policy('redirector', CLUSTER_NODES)] },
    expect: [],
  },
  {
    name: 'accepts a nodeSelector',
    edit: {
      [CLUSTER]: (['chunk', 'meta', 'redirector'] as const).map((each) =>
        policy(each, CLUSTER_NODES, 'nodeSelector: {pool: b}'),
      ),
      [ZOOKEEPER]: [policy('zookeeper', CLUSTER_NODES, 'nodeSelector: {pool: b}')],
    },
    expect: [{ code: 'IOM103' }],
  },
];

const SECOND = zookeeperOf('two/two', ['k8s-worker-6', 'k8s-worker-7', 'k8s-worker-8']);

export const change: readonly ChangeCase[] = [
  {
    name: 'allows the removal of a node selection from 1.1 on, with a warning',
    config: { iomeshVersion: '1.1' },
    update: { [CLUSTER]: [policy('meta', CLUSTER_NODES)] },
    warned: [{ code: 'IOM102', says: ['meta'] }, { code: 'IOM109' }],
  },
  {
    name: 'allows the removal of the node selection of the redirector from 1.1 on',
    config: { iomeshVersion: '1.1' },
    update: { [CLUSTER]: [policy('redirector', CLUSTER_NODES)] },
  },
  {
    name: 'allows a second cluster without node selection from 1.1 on, with a warning',
    config: { iomeshVersion: '1.1' },
    drop: POOL_DOCUMENTS,
    create: SECOND.replace(/ {6}nodeAffinity:\n[\s\S]*?(?= {6}podAntiAffinity)/, ''),
    warned: [{ code: 'IOM102', object: 'two/two-zookeeper' }],
  },
  {
    name: 'denies the removal of a node selection',
    update: { [CLUSTER]: [policy('meta', CLUSTER_NODES)] },
    denied: [{ code: 'IOM102', says: ['meta'] }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'warns of the second component if the first is fixed',
    edit: { [CLUSTER]: [policy('chunk', CLUSTER_NODES), policy('meta', CLUSTER_NODES)] },
    update: {
      [CLUSTER]: [
        [
          '    dataCIDR: 10.234.2.0/24\n    image:\n      repository: iomesh/zbs-chunkd\n',
          `    dataCIDR: 10.234.2.0/24\n    podPolicy: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ${oneTerm(CLUSTER_NODES)}}}}}\n    image:\n      repository: iomesh/zbs-chunkd\n`,
        ],
      ],
    },
    warned: [{ code: 'IOM102', says: ['meta can run on any node'] }, { code: 'IOM109' }],
  },
  {
    name: 'denies another component without node selection',
    edit: { [CLUSTER]: [policy('chunk', CLUSTER_NODES)] },
    update: { [CLUSTER]: [policy('meta', CLUSTER_NODES)] },
    denied: [{ code: 'IOM102', says: ['chunk and meta'] }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'warns of the first cluster if a second one is created',
    drop: POOL_DOCUMENTS,
    edit: { [MANAGEMENT]: [policy('chunk', MANAGEMENT_NODES)] },
    create: SECOND,
    denied: [{ code: 'IOM110' }],
    warned: [{ code: 'IOM102', object: 'iomesh-system/iomesh', says: ['chunk'] }],
  },
  {
    name: 'denies a second cluster without node selection before its IOMeshCluster',
    drop: POOL_DOCUMENTS,
    create: SECOND.replace(/ {6}nodeAffinity:\n[\s\S]*?(?= {6}podAntiAffinity)/, ''),
    denied: [{ code: 'IOM102', object: 'two/two-zookeeper' }, { code: 'IOM409' }],
  },
  {
    name: 'warns if an edit leaves the node selection as it was',
    edit: NOWHERE,
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM102', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
];
