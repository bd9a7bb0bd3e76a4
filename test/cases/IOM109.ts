import { baseDocuments, type ChangeCase } from './harness.ts';
import { CLUSTER_NODES, pin, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
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
