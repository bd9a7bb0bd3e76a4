import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';
import { oneTerm, zookeeperOf } from './objects.ts';
import { CLUSTER_NODES, labelledNodes, MANAGEMENT_NODES, nodes, pin, policy, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const SHARED = ['k8s-worker-2', 'k8s-worker-4', 'k8s-worker-5'];
const ssd = oneTerm(['ssd'], 'disk');

/** Pins chunk, meta and redirector of an IOMeshCluster alike. */
const everywhere = (from: readonly string[], to: string) =>
  (['chunk', 'meta', 'redirector'] as const).map((component) => terms(component, from, to));

const UNREGISTERED = {
  edit: {
    [CLUSTER]: [['k8s-worker-3', 'k8s-worker-2', 3]],
    [ZOOKEEPER]: [['k8s-worker-3', 'k8s-worker-2']],
  },
  config: { nodes: nodes(0, 1, 3, 4, 5, 6), rules: { IOM105: 'off', IOM107: 'off' } },
} as const;

const RACK = oneTerm(['r1'], 'rack');
const SAME_RACK = {
  [CLUSTER]: everywhere(CLUSTER_NODES, RACK),
  [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, RACK)],
  [MANAGEMENT]: everywhere(MANAGEMENT_NODES, RACK),
  'ZookeeperCluster/iomesh-zookeeper': [terms('zookeeper', MANAGEMENT_NODES, RACK)],
};

export const lint: readonly LintCase[] = [
  { name: 'accepts disjoint hostnames', expect: [] },
  {
    name: 'reports a hostname shared by every component once, on the pool',
    edit: {
      [CLUSTER]: [['k8s-worker-3', 'k8s-worker-2', 3]],
      [ZOOKEEPER]: [['k8s-worker-3', 'k8s-worker-2']],
    },
    expect: [
      {
        code: 'IOM101',
        at: 'k8s-worker-2',
        path: 'spec.chunk.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[0]',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: [
          'node "k8s-worker-2" is claimed by two IOMesh clusters',
          'iomesh-cluster-1/iomesh-cluster-1 (chunk, meta, redirector, zookeeper)',
          'iomesh-system/iomesh (chunk, meta, redirector, zookeeper)',
        ],
        help: ['give each cluster its own nodes'],
        related: ['k8s-worker-2'],
        fix: 'shown',
      },
    ],
  },
  {
    name: 'lists unclaimed nodes if nodes are known',
    edit: {
      [CLUSTER]: [['k8s-worker-3', 'k8s-worker-2', 3]],
      [ZOOKEEPER]: [['k8s-worker-3', 'k8s-worker-2']],
    },
    config: { nodes: nodes(0, 1, 2, 3, 4, 5, 6) },
    expect: [
      {
        code: 'IOM101',
        at: 'k8s-worker-2',
        says: ['node "k8s-worker-2" is claimed by two IOMesh clusters'],
        help: ['unclaimed nodes: k8s-worker-3 and k8s-worker-6'],
      },
    ],
  },
  {
    name: 'does not offer a node that a cluster lists, but that lacks another label of its selection',
    edit: {
      [CLUSTER]: [['k8s-worker-3', 'k8s-worker-2', 3]],
      [ZOOKEEPER]: [['k8s-worker-3', 'k8s-worker-2']],
    },
    config: {
      nodes: labelledNodes(
        Object.fromEntries(Array.from({ length: 9 }, (_, node) => [node, { rack: 'r1' }])),
      ),
    },
    add: clusterLike('pool-b', 6).replace(
      /^( *)- key: kubernetes\.io\/hostname$/gm,
      '$1- {key: disk, operator: In, values: [ssd]}\n$&',
    ),
    expect: [
      { code: 'IOM101', help: ['unclaimed nodes: k8s-worker-3'], helpOmits: ['k8s-worker-6'] },
      ...Array.from({ length: 3 }, () => ({ code: 'IOM106' })),
    ],
  },
  {
    name: 'says so if every known node is claimed',
    edit: {
      [CLUSTER]: everywhere(CLUSTER_NODES, oneTerm(['k8s-worker-2', ...CLUSTER_NODES])),
      [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, oneTerm(['k8s-worker-2', ...CLUSTER_NODES]))],
    },
    config: { nodes: nodes(0, 1, 2, 3, 4, 5) },
    expect: [{ code: 'IOM101', at: 'k8s-worker-2', help: ['every known node is claimed'] }],
  },
  {
    name: 'compares the meta of one cluster with the chunk of another',
    edit: { [CLUSTER]: [pin('meta', CLUSTER_NODES, SHARED)] },
    expect: [
      {
        code: 'IOM101',
        at: 'k8s-worker-2',
        path: 'spec.meta.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[0]',
        says: ['(meta)', '(chunk, meta, redirector, zookeeper)'],
        related: ['k8s-worker-2'],
      },
      { code: 'IOM105', says: ['meta'] },
    ],
  },
  {
    name: 'compares a ZookeeperCluster with another cluster',
    edit: { [ZOOKEEPER]: [pin('zookeeper', CLUSTER_NODES, SHARED)] },
    expect: [
      {
        code: 'IOM101',
        at: 'k8s-worker-2',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        says: ['iomesh-cluster-1/iomesh-cluster-1 (zookeeper)'],
      },
      { code: 'IOM105' },
    ],
  },
  {
    name: 'lists several shared nodes',
    edit: {
      [CLUSTER]: [
        ['k8s-worker-3', 'k8s-worker-0', 3],
        ['k8s-worker-4', 'k8s-worker-1', 3],
      ],
      [ZOOKEEPER]: [
        ['k8s-worker-3', 'k8s-worker-0'],
        ['k8s-worker-4', 'k8s-worker-1'],
      ],
    },
    expect: [
      {
        code: 'IOM101',
        at: 'k8s-worker-0',
        says: ['nodes "k8s-worker-0" and "k8s-worker-1" are claimed by'],
      },
    ],
  },
  {
    name: 'reports one label with the same value on both sides',
    edit: {
      [CLUSTER]: everywhere(CLUSTER_NODES, ssd),
      [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, ssd)],
      [MANAGEMENT]: everywhere(MANAGEMENT_NODES, ssd),
      'ZookeeperCluster/iomesh-zookeeper': [terms('zookeeper', MANAGEMENT_NODES, ssd)],
    },
    expect: [
      {
        code: 'IOM101',
        at: 'ssd',
        says: ['a node with disk="ssd" would belong to two IOMesh clusters'],
        related: ['ssd'],
      },
    ],
  },
  {
    name: 'accepts different values of one label',
    edit: {
      [CLUSTER]: everywhere(CLUSTER_NODES, oneTerm(['b'], 'pool')),
      [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, oneTerm(['b'], 'pool'))],
      [MANAGEMENT]: everywhere(MANAGEMENT_NODES, oneTerm(['a'], 'pool')),
      'ZookeeperCluster/iomesh-zookeeper': [terms('zookeeper', MANAGEMENT_NODES, oneTerm(['a'], 'pool'))],
    },
    expect: [],
  },
  {
    name: 'reports a nodeSelector',
    edit: {
      [CLUSTER]: [policy('chunk', CLUSTER_NODES, 'nodeSelector: {kubernetes.io/hostname: k8s-worker-1}')],
    },
    expect: [
      {
        code: 'IOM101',
        at: 'k8s-worker-1',
        says: ['node "k8s-worker-1"', '(chunk)'],
        related: ['k8s-worker-1'],
      },
      { code: 'IOM105' },
      { code: 'IOM106' },
    ],
  },
  {
    name: 'reports NotIn that matches nodes of the other cluster',
    edit: {
      [CLUSTER]: [
        terms('redirector', CLUSTER_NODES, oneTerm(['k8s-worker-0'], 'kubernetes.io/hostname', 'NotIn')),
      ],
    },
    expect: [
      {
        code: 'IOM101',
        at: '{key: kubernetes.io/hostname, operator: NotIn, values: [k8s-worker-0]}',
        says: ['nodes "k8s-worker-1" and "k8s-worker-2" are claimed by', '(redirector)'],
        related: ['k8s-worker-1'],
      },
      { code: 'IOM105' },
    ],
  },
  {
    name: 'reports a known node that has both labels',
    edit: {
      [CLUSTER]: everywhere(CLUSTER_NODES, ssd),
      [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, ssd)],
    },
    config: {
      nodes: labelledNodes({
        0: { disk: 'hdd' },
        1: { disk: 'hdd' },
        2: { disk: 'ssd' },
        3: { disk: 'ssd' },
        4: { disk: 'ssd' },
        5: { disk: 'ssd' },
      }),
    },
    expect: [
      { code: 'IOM101', at: 'ssd', says: ['node "k8s-worker-2" is claimed by'], related: ['k8s-worker-2'] },
    ],
  },
  {
    name: 'reports a hostname that both clusters list, though no known node has it',
    ...UNREGISTERED,
    expect: [
      {
        code: 'IOM101',
        at: 'k8s-worker-2',
        says: ['node "k8s-worker-2" is claimed by two IOMesh clusters'],
        related: ['k8s-worker-2'],
      },
    ],
  },
  {
    name: 'lists a registered and an unregistered node that both clusters list',
    edit: {
      [CLUSTER]: [
        ['k8s-worker-3', 'k8s-worker-2', 3],
        ['k8s-worker-4', 'k8s-worker-1', 3],
      ],
      [ZOOKEEPER]: [
        ['k8s-worker-3', 'k8s-worker-2'],
        ['k8s-worker-4', 'k8s-worker-1'],
      ],
    },
    config: UNREGISTERED.config,
    expect: [{ code: 'IOM101', says: ['nodes "k8s-worker-1" and "k8s-worker-2" are claimed by'] }],
  },
  {
    name: 'reports a label that both clusters list, though no known node has it yet',
    edit: SAME_RACK,
    config: { nodes: labelledNodes({ 0: { a: '' } }), rules: { IOM106: 'off', IOM707: 'off' } },
    expect: [
      {
        code: 'IOM101',
        at: 'r1',
        says: ['a node with rack="r1" would belong to two IOMesh clusters'],
        related: ['r1'],
      },
    ],
  },
];

const V11 = { iomeshVersion: '1.1' } as const;

const secondZookeeper = (node: string) =>
  zookeeperOf('iomesh-cluster-2/iomesh-cluster-2', [node, 'k8s-worker-7', 'k8s-worker-8']);

const TWO_OF_MANAGEMENT = ['k8s-worker-1', 'k8s-worker-2', 'k8s-worker-5'];

const TWO_SHARED = {
  edit: {
    [CLUSTER]: [
      pin('chunk', CLUSTER_NODES, TWO_OF_MANAGEMENT),
      pin('meta', CLUSTER_NODES, TWO_OF_MANAGEMENT),
      pin('redirector', CLUSTER_NODES, TWO_OF_MANAGEMENT),
    ],
    [ZOOKEEPER]: [pin('zookeeper', CLUSTER_NODES, TWO_OF_MANAGEMENT)],
  },
} as const;

export const change: readonly ChangeCase[] = [
  ...(['meta', 'chunk', 'zookeeper'] as const).map(
    (component): ChangeCase => ({
      name: `denies ${component} on a node of another cluster from 1.1 on`,
      config: V11,
      update: { [component === 'zookeeper' ? ZOOKEEPER : CLUSTER]: [pin(component, CLUSTER_NODES, SHARED)] },
      denied: [{ code: 'IOM101', says: [`(${component})`] }],
      warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
    }),
  ),
  {
    name: 'allows redirectors of two clusters on one node from 1.1 on',
    config: V11,
    update: { [CLUSTER]: [pin('redirector', CLUSTER_NODES, SHARED)] },
  },
  {
    name: 'denies redirectors of two clusters on one node at 1.0',
    update: { [CLUSTER]: [pin('redirector', CLUSTER_NODES, SHARED)] },
    denied: [{ code: 'IOM101', says: ['(redirector)'] }],
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'denies an update that takes a node of another cluster',
    update: { [CLUSTER]: [['k8s-worker-3', 'k8s-worker-2', 3]] },
    denied: [{ code: 'IOM101', at: 'k8s-worker-2', related: ['k8s-worker-2'] }],
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'denies an update that takes an unregistered node of another cluster',
    update: { [CLUSTER]: [['k8s-worker-3', 'k8s-worker-2', 3]] },
    config: UNREGISTERED.config,
    denied: [{ code: 'IOM101', at: 'k8s-worker-2', related: ['k8s-worker-2'] }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'denies an unregistered node of another cluster next to a known one that was shared before',
    edit: { [CLUSTER]: [['k8s-worker-3', 'k8s-worker-1', 3]] },
    update: { [CLUSTER]: [['k8s-worker-4', 'k8s-worker-2', 3]] },
    config: UNREGISTERED.config,
    denied: [{ code: 'IOM101' }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'reports the changed side, also the management cluster',
    update: { [MANAGEMENT]: [['k8s-worker-2', 'k8s-worker-3', 3]] },
    denied: [{ code: 'IOM101', object: 'iomesh-system/iomesh', at: 'k8s-worker-3' }],
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'denies an IOMeshCluster whose ZookeeperCluster looked like that of another application',
    add: zookeeperOf('storage/pool', ['k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2']).replace(
      'iomesh/zookeeper',
      'mirror.corp/zookeeper',
    ),
    create: clusterLike('pool', 6, { namespace: 'storage', kinds: ['IOMeshCluster'] }),
    config: { rules: { IOM105: 'off', IOM404: 'off' } },
    denied: [{ code: 'IOM101', says: ['storage/pool (zookeeper)'] }],
  },
  {
    name: 'denies a ZookeeperCluster that is created before its IOMeshCluster',
    create: secondZookeeper('k8s-worker-5'),
    denied: [
      {
        code: 'IOM101',
        object: 'iomesh-cluster-2/iomesh-cluster-2-zookeeper',
        at: 'k8s-worker-5',
        says: ['iomesh-cluster-2/iomesh-cluster-2 (zookeeper)'],
      },
    ],
  },
  {
    name: 'allows a ZookeeperCluster on its own nodes',
    create: secondZookeeper('k8s-worker-6'),
  },
  {
    name: 'warns of the second shared node if the first is fixed',
    ...TWO_SHARED,
    update: { [CLUSTER]: [['k8s-worker-1', 'k8s-worker-4', 3]] },
    warned: [{ code: 'IOM101', at: 'k8s-worker-2' }, { code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'denies another shared node',
    ...TWO_SHARED,
    update: { [CLUSTER]: [['k8s-worker-5', 'k8s-worker-0', 3]] },
    denied: [{ code: 'IOM101' }],
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'warns of the previous overlap if an edit does not touch it',
    ...TWO_SHARED,
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM101' }],
  },
  {
    name: 'reports nothing for a change of another object',
    ...TWO_SHARED,
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [['clusterId: k8s', 'note: x\n  clusterId: k8s']] },
  },
];
