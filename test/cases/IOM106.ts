import type { ChangeCase, LintCase } from './harness.ts';
import { oneTerm } from './objects.ts';
import { CLUSTER_NODES, labelledNodes, nodes, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const META_FIVE = ['  meta:\n    replicas: 3\n', '  meta:\n    replicas: 5\n'] as const;
const CHUNK_FOUR = ['  chunk:\n    replicas: 3\n', '  chunk:\n    replicas: 4\n'] as const;
const byPool = '[{matchExpressions: [{key: pool, operator: In, values: [b]}]}]';
const LISTED_AND_LABELLED =
  '[{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}, {key: pool, operator: In, values: [b]}]}]';
const everywhere = {
  [CLUSTER]: (['chunk', 'meta', 'redirector'] as const).map((each) => terms(each, CLUSTER_NODES, byPool)),
  [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, byPool)],
};
const pools = (...last: string[]) =>
  labelledNodes(
    Object.fromEntries(['a', 'a', 'a', 'b', 'b', ...last].map((pool, number) => [number, { pool }])),
  );

export const lint: readonly LintCase[] = [
  {
    name: 'accepts as many replicas as hostnames',
    expect: [],
  },
  {
    name: 'reports five meta replicas on three hostnames',
    edit: { [CLUSTER]: [META_FIVE] },
    expect: [
      {
        code: 'IOM106',
        at: '5',
        path: 'spec.meta.replicas',
        severity: 'error',
        says: ['meta has 5 replicas', 'only 3 nodes: "k8s-worker-3", "k8s-worker-4" and "k8s-worker-5"'],
        help: ['2 more nodes', 'set spec.meta.replicas to 3'],
      },
    ],
  },
  {
    name: 'names the same numbers as IOM603 for more meta replicas than are supported',
    edit: { [CLUSTER]: [['  meta:\n    replicas: 3\n', '  meta:\n    replicas: 7\n']] },
    expect: [
      {
        code: 'IOM106',
        help: ['allow 2 more nodes and set spec.meta.replicas to 5, or set spec.meta.replicas to 3'],
      },
      { code: 'IOM603', help: ['set spec.meta.replicas to 3 or 5'] },
    ],
  },
  {
    name: 'names no even number of ZooKeeper replicas',
    edit: {
      [ZOOKEEPER]: [
        ['  replicas: 3\n', '  replicas: 7\n'],
        terms(
          'zookeeper',
          CLUSTER_NODES,
          oneTerm(['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5', 'k8s-worker-6']),
        ),
      ],
    },
    config: { rules: { IOM105: 'off' } },
    expect: [{ code: 'IOM106', help: ['allow 3 more nodes, or set spec.replicas to 3 (only if'] }],
  },
  {
    name: 'tells to lower the replicas of a running cluster only as the vendor allows',
    edit: { [CLUSTER]: [META_FIVE, CHUNK_FOUR] },
    config: { iomeshVersion: '1.2' },
    expect: [
      { code: 'IOM106', help: ['set spec.meta.replicas to 3 (in a running cluster one at a time)'] },
      {
        code: 'IOM106',
        help: ['set spec.chunk.replicas to 3 (in a running cluster one at a time, each after'],
      },
    ],
  },
  {
    name: 'reports ZooKeeper and chunk',
    edit: { [CLUSTER]: [CHUNK_FOUR], [ZOOKEEPER]: [['  replicas: 3\n', '  replicas: 5\n']] },
    expect: [
      { code: 'IOM106', at: '4', says: ['chunk has 4 replicas'], help: ['allow 1 more node'] },
      { code: 'IOM106', at: '5', path: 'spec.replicas', says: ['zookeeper has 5 replicas'] },
    ],
  },
  {
    name: 'reports a label that too few known nodes have',
    edit: everywhere,
    config: { nodes: pools('a') },
    expect: [
      { code: 'IOM103' },
      {
        code: 'IOM106',
        severity: 'warning',
        says: ['meta', 'only 2 nodes: "k8s-worker-3" and "k8s-worker-4"'],
        help: ['label 1 more node: kubectl label node NODE pool=b'],
      },
      { code: 'IOM106', severity: 'warning', says: ['chunk'] },
      { code: 'IOM106', severity: 'warning', says: ['zookeeper'] },
    ],
  },
  {
    name: 'tells to label a listed node that lacks a further label',
    edit: {
      [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, LISTED_AND_LABELLED)],
    },
    config: { nodes: pools('a'), rules: { IOM103: 'off', IOM105: 'off' } },
    expect: [
      {
        code: 'IOM106',
        severity: 'warning',
        says: ['only 2 nodes'],
        help: ['label 1 more node: kubectl label node NODE pool=b'],
      },
    ],
  },
  {
    name: 'names the selection that no label alone satisfies',
    edit: {
      [ZOOKEEPER]: [
        terms('zookeeper', CLUSTER_NODES, '[{matchExpressions: [{key: pool, operator: Gt, values: ["7"]}]}]'),
      ],
    },
    config: { nodes: pools('b'), rules: { IOM103: 'off', IOM105: 'off' } },
    expect: [{ code: 'IOM106', help: ['label 3 more nodes so that they match pool Gt "7"'] }],
  },
  {
    name: 'reports a list that is too short as an error, however many of its nodes have the label',
    edit: {
      [ZOOKEEPER]: [
        ['  replicas: 3\n', '  replicas: 5\n'],
        terms('zookeeper', CLUSTER_NODES, LISTED_AND_LABELLED),
      ],
    },
    config: { nodes: pools('b'), rules: { IOM103: 'off', IOM105: 'off' } },
    expect: [{ code: 'IOM106', severity: 'error', says: ['only 3 nodes'] }],
  },
  {
    name: 'reports a label that no known node has',
    edit: {
      [ZOOKEEPER]: [
        terms('zookeeper', CLUSTER_NODES, '[{matchExpressions: [{key: pool, operator: In, values: [c]}]}]'),
      ],
    },
    config: { nodes: pools('b') },
    expect: [{ code: 'IOM103' }, { code: 'IOM105' }, { code: 'IOM106', says: ['no known node'] }],
  },
  {
    name: 'skips a label if nodes are known by name only',
    edit: everywhere,
    config: { nodes: nodes(0, 1, 2, 3, 4, 5) },
    expect: [{ code: 'IOM103' }],
  },
];

const ONE_HOST = terms('chunk', CLUSTER_NODES, oneTerm(['k8s-worker-3']));

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of a label that too few known nodes have',
    update: { [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, byPool)] },
    config: { nodes: pools('a'), rules: { IOM103: 'off', IOM105: 'off', IOM109: 'off' } },
    warned: [{ code: 'IOM106', says: ['only 2 nodes'], help: ['kubectl label node NODE pool=b'] }],
  },
  {
    name: 'warns of a label that no known node has',
    update: { [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, byPool)] },
    config: {
      nodes: labelledNodes({ 0: { pool: 'a' }, 1: { pool: 'a' } }),
      rules: { IOM103: 'off', IOM105: 'off', IOM109: 'off' },
    },
    warned: [{ code: 'IOM106', says: ['no known node'], help: ['label 3 more nodes'] }],
  },
  {
    name: 'denies a list that is too short in place of a label that too few nodes have',
    edit: { [CLUSTER]: [terms('chunk', CLUSTER_NODES, byPool)] },
    update: { [CLUSTER]: [[byPool, ONE_HOST[1].slice(ONE_HOST[1].indexOf('[{')).trimEnd()]] },
    config: { nodes: pools('a'), rules: { IOM105: 'off', IOM109: 'off' } },
    denied: [{ code: 'IOM106', says: ['only 1 node: "k8s-worker-3"'] }],
  },
  {
    name: 'denies more replicas than nodes',
    update: { [CLUSTER]: [CHUNK_FOUR] },
    denied: [{ code: 'IOM106', at: '4' }],
  },
  {
    name: 'warns if an edit leaves the replicas as they were',
    edit: { [CLUSTER]: [META_FIVE] },
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM106', at: '5' }],
  },
  {
    name: 'warns if fewer nodes are missing than before',
    edit: { [CLUSTER]: [['  chunk:\n    replicas: 3\n', '  chunk:\n    replicas: 5\n']] },
    update: { [CLUSTER]: [['  chunk:\n    replicas: 5\n', '  chunk:\n    replicas: 4\n']] },
    warned: [{ code: 'IOM106', at: '4' }, { code: 'IOM604' }],
  },
  {
    name: 'denies if more nodes are missing than before',
    edit: { [CLUSTER]: [CHUNK_FOUR] },
    update: { [CLUSTER]: [['  chunk:\n    replicas: 4\n', '  chunk:\n    replicas: 5\n']] },
    denied: [{ code: 'IOM106', at: '5' }],
  },
];
