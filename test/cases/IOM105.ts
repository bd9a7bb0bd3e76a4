import type { ChangeCase, LintCase } from './harness.ts';
import { CLUSTER_NODES, labelledNodes, pin, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const FOUR = [...CLUSTER_NODES, 'k8s-worker-6'];
const byPool = '[{matchExpressions: [{key: pool, operator: In, values: [b]}]}]';

export const lint: readonly LintCase[] = [
  {
    name: 'reports one component with an additional node',
    edit: { [CLUSTER]: [pin('chunk', CLUSTER_NODES, FOUR)] },
    expect: [
      {
        code: 'IOM105',
        severity: 'warning',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        at: 'requiredDuringSchedulingIgnoredDuringExecution',
        path: 'spec.chunk.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution',
        says: [
          'chunk of iomesh-cluster-1/iomesh-cluster-1',
          'as meta, redirector and zookeeper',
          'chunk also selects "k8s-worker-6"',
        ],
        help: ['"k8s-worker-3", "k8s-worker-4" and "k8s-worker-5"'],
        fix: 'shown',
      },
    ],
  },
  {
    name: 'ignores the redirector from 1.1 on',
    config: { iomeshVersion: '1.1' },
    edit: { [CLUSTER]: [pin('redirector', CLUSTER_NODES, FOUR)] },
    expect: [],
  },
  {
    name: 'reports a ZookeeperCluster',
    edit: { [ZOOKEEPER]: [['k8s-worker-5', 'k8s-worker-6']] },
    expect: [
      {
        code: 'IOM105',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        says: ['zookeeper', 'zookeeper also selects "k8s-worker-6" and does not select "k8s-worker-5"'],
      },
    ],
  },
  {
    name: 'accepts another order and spelling of the same nodes',
    edit: {
      [CLUSTER]: [
        pin('chunk', CLUSTER_NODES, [...CLUSTER_NODES].reverse()),
        terms(
          'meta',
          CLUSTER_NODES,
          '[{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4]}]}, {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-5]}]}]',
        ),
      ],
    },
    expect: [],
  },
  {
    name: 'accepts another label that matches the same known nodes',
    edit: { [CLUSTER]: [terms('chunk', CLUSTER_NODES, byPool)] },
    config: {
      nodes: labelledNodes({
        0: { pool: 'a' },
        1: { pool: 'a' },
        2: { pool: 'a' },
        3: { pool: 'b' },
        4: { pool: 'b' },
        5: { pool: 'b' },
      }),
    },
    expect: [{ code: 'IOM103' }],
  },
  {
    name: 'reports another label that matches another known node',
    edit: { [CLUSTER]: [terms('chunk', CLUSTER_NODES, byPool)] },
    config: {
      nodes: labelledNodes({
        0: { pool: 'a' },
        1: { pool: 'a' },
        2: { pool: 'a' },
        3: { pool: 'b' },
        4: { pool: 'b' },
        5: { pool: 'b' },
        6: { pool: 'b' },
      }),
    },
    expect: [{ code: 'IOM103' }, { code: 'IOM105', says: ['chunk'] }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns if the other components keep the old nodes',
    update: { [CLUSTER]: [pin('chunk', CLUSTER_NODES, FOUR)] },
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'warns of the ZookeeperCluster of a split cluster',
    edit: { [CLUSTER]: [pin('chunk', CLUSTER_NODES, FOUR)] },
    update: { [ZOOKEEPER]: [['  replicas: 3\n', '  replicas: 5\n']] },
    denied: [{ code: 'IOM106' }],
    warned: [{ code: 'IOM105', says: ['chunk'] }],
  },
];
