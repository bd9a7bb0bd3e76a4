import type { ChangeCase, LintCase } from './harness.ts';
import { CLUSTER_NODES, nodes, pin, policy, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const config = { nodes: nodes(0, 1, 2, 3, 4, 5) };

const node = (name: string, hostname = name) => `apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels:
    kubernetes.io/hostname: ${hostname}
`;

export const lint: readonly LintCase[] = [
  {
    name: 'skips unknown nodes',
    edit: {
      [CLUSTER]: [['k8s-worker-4', 'k8s-woker-4', 3]],
      [ZOOKEEPER]: [['k8s-worker-4', 'k8s-woker-4']],
    },
    expect: [],
  },
  {
    name: 'reports one misspelling in every component once per object',
    edit: {
      [CLUSTER]: [['k8s-worker-4', 'k8s-woker-4', 3]],
      [ZOOKEEPER]: [['k8s-worker-4', 'k8s-woker-4']],
    },
    config,
    expect: [
      {
        code: 'IOM107',
        at: 'k8s-woker-4',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: ['node "k8s-woker-4" is not among the 6 known nodes'],
        help: ['with "k8s-worker-4"'],
        related: ['k8s-woker-4', 'k8s-woker-4'],
        fix: 'unsafe',
      },
      {
        code: 'IOM107',
        at: 'k8s-woker-4',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        related: [],
      },
    ],
    fixed: `
-                      - k8s-woker-4
+                      - k8s-worker-4
-                      - k8s-woker-4
+                      - k8s-worker-4
-                      - k8s-woker-4
+                      - k8s-worker-4
-                    - k8s-woker-4
+                    - k8s-worker-4`,
  },
  {
    name: 'reports a misspelling without IOM105 and IOM106',
    edit: { [CLUSTER]: [pin('meta', CLUSTER_NODES, ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker5'])] },
    config,
    expect: [{ code: 'IOM107', at: 'k8s-worker5', help: ['with "k8s-worker-5"'] }],
    fixed: `
-            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker5]}]}]
+            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}]`,
  },
  {
    name: 'offers no fix if no known node is similar',
    edit: { [CLUSTER]: [pin('meta', CLUSTER_NODES, ['k8s-worker-3', 'k8s-worker-4', 'db-host'])] },
    config,
    expect: [{ code: 'IOM107', at: 'db-host', help: ['to nodes in iomesh-guard.yaml'] }],
  },
  {
    name: 'does not propose a node that is already in the list',
    edit: {
      [CLUSTER]: [
        pin('meta', CLUSTER_NODES, ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5', 'k8s-wworker-5']),
      ],
    },
    config,
    expect: [{ code: 'IOM107', at: 'k8s-wworker-5', help: ['to nodes in iomesh-guard.yaml'] }],
  },
  {
    name: 'reports a nodeSelector',
    edit: {
      [ZOOKEEPER]: [
        policy('zookeeper', CLUSTER_NODES, 'nodeSelector: {kubernetes.io/hostname: k8s-woker-4}'),
      ],
    },
    config,
    expect: [{ code: 'IOM107', at: 'k8s-woker-4', fix: 'unsafe' }, { code: 'IOM106' }],
    fixed: `
-    nodeSelector: {kubernetes.io/hostname: k8s-woker-4}
+    nodeSelector: {kubernetes.io/hostname: k8s-worker-4}`,
  },
  {
    name: 'reports the name of a node',
    edit: {
      [CLUSTER]: [
        terms(
          'meta',
          CLUSTER_NODES,
          '[{matchFields: [{key: metadata.name, operator: In, values: [k8s-woker-4]}]}]',
        ),
      ],
    },
    config,
    expect: [
      { code: 'IOM107', at: 'k8s-woker-4', help: ['with "k8s-worker-4"'] },
      { code: 'IOM106' },
      { code: 'IOM103' },
    ],
  },
  {
    name: 'compares with the hostname of Node objects, not with their name',
    add: [0, 1, 2, 3, 4]
      .map((n) => node(`k8s-worker-${n}`))
      .concat(node('n5', 'k8s-worker-5'))
      .join('---\n'),
    expect: [],
  },
  {
    name: 'reports a node that has no Node object',
    add: [0, 1, 2, 3, 4, 7].map((n) => node(`k8s-worker-${n}`)).join('---\n'),
    expect: [
      { code: 'IOM107', severity: 'warning', at: 'k8s-worker-5' },
      { code: 'IOM107', severity: 'warning', at: 'k8s-worker-5' },
    ],
  },
  {
    name: 'reports a misspelling as an error next to Node objects',
    edit: { [CLUSTER]: [pin('meta', CLUSTER_NODES, ['k8s-worker-3', 'k8s-worker-4', 'k8s-woker-5'])] },
    add: [0, 1, 2, 3, 4, 5].map((n) => node(`k8s-worker-${n}`)).join('---\n'),
    expect: [{ code: 'IOM107', severity: 'error', help: ['with "k8s-worker-5"'] }],
    fixed: `
-            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-woker-5]}]}]
+            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}]`,
  },
  {
    name: 'does not propose a node with another number',
    edit: { [CLUSTER]: [pin('meta', CLUSTER_NODES, ['k8s-worker-3', 'k8s-worker-4', 'db-1'])] },
    config: { nodes: [...config.nodes, { name: 'db-2', labels: {} }] },
    expect: [{ code: 'IOM107', severity: 'error', at: 'db-1', help: ['to nodes in iomesh-guard.yaml'] }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of an unknown node, which can join later',
    update: { [ZOOKEEPER]: [['k8s-worker-4', 'k8s-woker-4']] },
    config,
    warned: [{ code: 'IOM107', at: 'k8s-woker-4' }, { code: 'IOM109' }],
  },
  {
    name: 'warns if an edit leaves the name as it was',
    edit: { [ZOOKEEPER]: [['k8s-worker-4', 'k8s-woker-4']] },
    update: { [ZOOKEEPER]: [['storage: 20Gi', 'storage: 30Gi']] },
    config,
    warned: [{ code: 'IOM107' }],
  },
];
