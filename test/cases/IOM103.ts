import type { ChangeCase, LintCase } from './harness.ts';
import { CLUSTER_NODES, labelledNodes, nodes, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const rack = '[{matchExpressions: [{key: rack, operator: In, values: [r2]}]}]';

const BY_RACK = {
  [CLUSTER]: (['chunk', 'meta', 'redirector'] as const).map((each) => terms(each, CLUSTER_NODES, rack)),
  [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, rack)],
};

const racks = (first: string) =>
  labelledNodes({
    0: { rack: first },
    1: { rack: 'r1' },
    2: { rack: 'r1' },
    3: { rack: 'r2' },
    4: { rack: 'r2' },
    5: { rack: 'r2' },
  });

export const lint: readonly LintCase[] = [
  {
    name: 'reports different labels if nodes are unknown',
    edit: BY_RACK,
    expect: [
      {
        code: 'IOM103',
        severity: 'warning',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        at: 'r2',
        says: [
          'node "k8s-worker-0" with rack="r2" would belong to two IOMesh clusters',
          '(chunk, meta, redirector, zookeeper)',
        ],
        help: ['the same label'],
        related: ['k8s-worker-0'],
        fix: 'shown',
      },
    ],
  },
  {
    name: 'reports different labels if nodes are known by name only',
    edit: BY_RACK,
    config: { nodes: nodes(0, 1, 2, 3, 4, 5) },
    expect: [{ code: 'IOM103', at: 'r2' }],
  },
  {
    name: 'reports different labels if no known node has both',
    edit: BY_RACK,
    config: { nodes: racks('r1') },
    expect: [{ code: 'IOM103', at: 'r2', says: ['no known node is like that'] }],
  },
  {
    name: 'reports only IOM101 if a known node has both labels',
    edit: BY_RACK,
    config: { nodes: racks('r2') },
    expect: [{ code: 'IOM101', says: ['"k8s-worker-0"'] }],
  },
  {
    name: 'reports only IOM101 if one component overlaps',
    edit: {
      ...BY_RACK,
      [ZOOKEEPER]: [['k8s-worker-3', 'k8s-worker-2']],
    },
    expect: [{ code: 'IOM101', says: ['(zookeeper)'] }, { code: 'IOM105' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of an update to a different label',
    update: { [CLUSTER]: BY_RACK[CLUSTER]! },
    warned: [{ code: 'IOM103' }, { code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'warns of the other object if the overlap of one is fixed',
    edit: { [CLUSTER]: BY_RACK[CLUSTER]!, [ZOOKEEPER]: [['k8s-worker-3', 'k8s-worker-2']] },
    update: { [ZOOKEEPER]: [['k8s-worker-2', 'k8s-worker-3']] },
    warned: [
      { code: 'IOM103', object: 'iomesh-cluster-1/iomesh-cluster-1' },
      { code: 'IOM105' },
      { code: 'IOM109' },
    ],
  },
];
