import type { ChangeCase, LintCase } from './harness.ts';
import { CLUSTER_NODES, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const chunk = (list: string) => ({ edit: { [CLUSTER]: [terms('chunk', CLUSTER_NODES, list)] } });
const OTHER =
  '{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}';

export const lint: readonly LintCase[] = [
  {
    name: 'proposes the right spelling of an operator',
    edit: {
      [ZOOKEEPER]: [
        [
          '                  operator: In\n                  values:\n                    - k8s',
          '                  operator: in\n                  values:\n                    - k8s',
        ],
      ],
    },
    expect: [
      {
        code: 'IOM104',
        at: 'in',
        severity: 'error',
        says: ['zookeeper cannot run on any node'],
        help: ['replace "in" with "In"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-                  operator: in
+                  operator: In`,
  },
  {
    name: 'accepts requirements on one label that leave some nodes',
    ...chunk(
      '[{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5, k8s-worker-6]}, {key: kubernetes.io/hostname, operator: NotIn, values: [k8s-worker-6]}]}]',
    ),
    expect: [],
  },
  {
    name: 'reports an empty list of terms',
    ...chunk('[]'),
    expect: [{ code: 'IOM104', at: '[]', says: ['chunk'], help: ['at least one term'] }],
  },
  {
    name: 'reports an empty term',
    ...chunk('[{}]'),
    expect: [{ code: 'IOM104', at: '{}', says: ['chunk'], help: ['indented'] }],
  },
  {
    name: 'reports two empty terms, as wrong indentation makes them, in two places',
    ...chunk('[{}, {}]'),
    expect: [
      { code: 'IOM104', at: '{}' },
      { code: 'IOM104', at: '{}' },
    ],
  },
  {
    name: 'reports In without values',
    ...chunk('[{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: []}]}]'),
    expect: [{ code: 'IOM104', at: '[]', help: ['add values'] }],
  },
  {
    name: 'reports requirements that exclude each other',
    ...chunk(
      '[{matchExpressions: [{key: zone, operator: In, values: [a]}, {key: zone, operator: DoesNotExist}]}]',
    ),
    expect: [{ code: 'IOM104', severity: 'error', says: ['"zone"'], help: ['exclude each other'] }],
  },
  {
    name: 'warns of a term that matches no node next to one that does',
    ...chunk(`[${OTHER}, {}]`),
    expect: [{ code: 'IOM104', at: '{}', severity: 'warning' }],
  },
  {
    name: 'reports an operator that the apiserver rejects as an error next to a valid term',
    ...chunk(`[${OTHER}, {matchExpressions: [{key: zone, operator: Equals, values: [a]}]}]`),
    expect: [
      {
        code: 'IOM104',
        at: 'Equals',
        severity: 'error',
        help: ['replace "Equals" with "In"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}, {matchExpressions: [{key: zone, operator: Equals, values: [a]}]}]
+            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}, {matchExpressions: [{key: zone, operator: In, values: [a]}]}]`,
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a selector that matches no node',
    update: { [CLUSTER]: [terms('chunk', CLUSTER_NODES, '[{}]')] },
    denied: [{ code: 'IOM104', at: '{}' }],
  },
  {
    name: 'warns if an edit leaves the selector as it was',
    ...chunk('[{}]'),
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM104' }],
  },
  {
    name: 'allows a fix of one of two terms',
    edit: {
      [CLUSTER]: [terms('chunk', CLUSTER_NODES, '[{}]'), terms('meta', CLUSTER_NODES, '[]')],
    },
    update: { [CLUSTER]: [['nodeSelectorTerms: [{}]', `nodeSelectorTerms: [${OTHER}]`]] },
    warned: [{ code: 'IOM104', says: ['meta'] }],
  },
];
