import { baseDocuments, type ChangeCase } from './harness.ts';
import { CLUSTER_NODES, pin, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const MOVED = ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-6'];

export const change: readonly ChangeCase[] = [
  {
    name: 'a node exchanged for another in every component is one warning an object',
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
    name: 'ZooKeeper',
    update: { [ZOOKEEPER]: [['k8s-worker-5', 'k8s-worker-6']] },
    warned: [{ code: 'IOM109', says: ['the node selection of zookeeper changes'] }, { code: 'IOM105' }],
  },
  {
    name: 'an added node serves new replicas only',
    update: { [CLUSTER]: [pin('chunk', CLUSTER_NODES, [...CLUSTER_NODES, 'k8s-worker-6'])] },
    warned: [{ code: 'IOM109', says: ['chunk: "k8s-worker-6" added'] }, { code: 'IOM105' }],
  },
  {
    name: 'another order is the same placement',
    update: { [CLUSTER]: [pin('chunk', CLUSTER_NODES, [...CLUSTER_NODES].reverse())] },
  },
  {
    name: 'a selector that matched nothing let nothing run',
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
    name: 'an object that is being deleted',
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
    name: 'a creation moves nothing',
    drop: [CLUSTER],
    create: baseDocuments().get(CLUSTER) ?? '',
  },
];
