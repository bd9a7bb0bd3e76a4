import { baseDocuments, type ChangeCase, type Edit } from './harness.ts';
import { oneTerm } from './objects.ts';
import { CLUSTER_NODES, labelledNodes, pin, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const RUNNING: Edit = ['spec:\n', 'status: {readyReplicas: {chunk: 3, meta: 3}}\nspec:\n'];
const MOVED = ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-6'];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns once per object of a node that is replaced in every component',
    update: { [CLUSTER]: [['k8s-worker-5', 'k8s-worker-6', 3]] },
    warned: [
      {
        code: 'IOM109',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        at: 'requiredDuringSchedulingIgnoredDuringExecution',
        path: 'spec.chunk.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution',
        says: [
          'the node selection of chunk, meta and redirector changes',
          'chunk: "k8s-worker-5" removed, "k8s-worker-6" added',
          'running pods stay on their nodes',
        ],
        help: ['keep every node'],
      },
      { code: 'IOM105' },
    ],
  },
  {
    name: 'warns of a ZookeeperCluster',
    update: { [ZOOKEEPER]: [['k8s-worker-5', 'k8s-worker-6']] },
    warned: [{ code: 'IOM109', says: ['the node selection of zookeeper changes'] }, { code: 'IOM105' }],
  },
  {
    name: 'warns of an added node',
    update: { [CLUSTER]: [pin('chunk', CLUSTER_NODES, [...CLUSTER_NODES, 'k8s-worker-6'])] },
    warned: [{ code: 'IOM109', says: ['chunk: "k8s-worker-6" added'] }, { code: 'IOM105' }],
  },
  {
    name: 'denies that a running cluster leaves all its nodes, and says so',
    edit: { [CLUSTER]: [RUNNING] },
    update: {
      [CLUSTER]: [
        ['k8s-worker-3', 'k8s-worker-6', 3],
        ['k8s-worker-4', 'k8s-worker-7', 3],
        ['k8s-worker-5', 'k8s-worker-8', 3],
      ],
    },
    denied: [
      {
        code: 'IOM109',
        severity: 'error',
        says: [
          'the node selection of chunk, meta and redirector changes',
          'none of the nodes remains on which the cluster has its data',
        ],
        help: ['keep every node that runs a pod of this cluster', 'replace one node at a time'],
      },
    ],
    warned: [{ code: 'IOM105', help: ['keep every node that runs a pod of this cluster'] }],
  },
  {
    name: 'denies that one component leaves all its nodes',
    edit: { [CLUSTER]: [RUNNING] },
    update: {
      [CLUSTER]: [
        pin('chunk', CLUSTER_NODES, MOVED),
        pin('meta', CLUSTER_NODES, ['k8s-worker-6', 'k8s-worker-7', 'k8s-worker-8']),
      ],
    },
    denied: [
      {
        code: 'IOM109',
        path: 'spec.meta.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution',
        says: ['the node selection of chunk and meta changes (meta: '],
      },
    ],
    warned: [{ code: 'IOM105' }],
  },
  {
    name: 'denies labels that match only other known nodes',
    edit: { [CLUSTER]: [RUNNING] },
    config: {
      nodes: labelledNodes({
        3: { pool: 'a' },
        4: { pool: 'a' },
        5: { pool: 'a' },
        6: { pool: 'b' },
        7: { pool: 'b' },
        8: { pool: 'b' },
      }),
    },
    update: { [CLUSTER]: [terms('meta', CLUSTER_NODES, oneTerm(['b'], 'pool'))] },
    denied: [{ code: 'IOM109' }],
    warned: [{ code: 'IOM103' }, { code: 'IOM105' }],
  },
  {
    name: 'warns of labels that match no known node yet',
    edit: { [CLUSTER]: [RUNNING] },
    update: { [CLUSTER]: [terms('meta', CLUSTER_NODES, oneTerm(['b'], 'pool'))] },
    warned: [{ code: 'IOM109' }, { code: 'IOM105' }, { code: 'IOM103' }],
  },
  {
    name: 'warns that all nodes of a cluster without ready pods are replaced',
    update: {
      [ZOOKEEPER]: [pin('zookeeper', CLUSTER_NODES, ['k8s-worker-6', 'k8s-worker-7', 'k8s-worker-8'])],
    },
    warned: [{ code: 'IOM109' }, { code: 'IOM105' }],
  },
  {
    name: 'warns that one node of a running cluster is replaced',
    edit: { [CLUSTER]: [RUNNING] },
    update: { [CLUSTER]: [['k8s-worker-5', 'k8s-worker-6', 3]] },
    warned: [
      { code: 'IOM109', help: ['keep every node that runs a pod of this cluster'] },
      {
        code: 'IOM105',
        help: ['use the same node selection for every component', 'keep every node that runs a pod'],
        helpOmits: ['use the node selection of'],
      },
    ],
  },
  {
    name: 'accepts another order of the same nodes',
    update: { [CLUSTER]: [pin('chunk', CLUSTER_NODES, [...CLUSTER_NODES].reverse())] },
  },
  {
    name: 'skips a selector that matched no node before',
    edit: { [CLUSTER]: [terms('chunk', CLUSTER_NODES, '[]')] },
    update: {
      [CLUSTER]: [
        [
          'nodeSelectorTerms: []',
          'nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}]',
        ],
      ],
    },
  },
  {
    name: 'skips an object that is being deleted',
    edit: {
      [ZOOKEEPER]: [
        [
          '  namespace: iomesh-cluster-1\n',
          '  namespace: iomesh-cluster-1\n  deletionTimestamp: "2026-11-22T10:00:00Z"\n',
        ],
      ],
    },
    update: { [ZOOKEEPER]: [pin('zookeeper', CLUSTER_NODES, MOVED)] },
    warned: [{ code: 'IOM105' }],
  },
  {
    name: 'skips a creation',
    drop: [CLUSTER],
    create: baseDocuments().get(CLUSTER) ?? '',
  },
];
