import type { ChangeCase, LintCase } from './harness.ts';
import { CLUSTER_NODES, labelledNodes, MANAGEMENT_NODES, nodes, pin, policy, terms } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const SHARED = ['k8s-worker-2', 'k8s-worker-4', 'k8s-worker-5'];
const ssd = '[{matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]';

const hostnames = (...names: string[]) =>
  `[{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [${names.join(', ')}]}]}]`;

/** Pins chunk, meta and redirector of an IOMeshCluster alike. */
const everywhere = (from: readonly string[], to: string) =>
  (['chunk', 'meta', 'redirector'] as const).map((component) => terms(component, from, to));

export const lint: readonly LintCase[] = [
  { name: 'disjoint hostnames', expect: [] },
  {
    name: 'one shared hostname in every component is one finding, told from the follower',
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
    name: 'free nodes are named where nodes are known',
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
    name: 'no node is free',
    edit: {
      [CLUSTER]: everywhere(CLUSTER_NODES, hostnames('k8s-worker-2', ...CLUSTER_NODES)),
      [ZOOKEEPER]: [terms('zookeeper', CLUSTER_NODES, hostnames('k8s-worker-2', ...CLUSTER_NODES))],
    },
    config: { nodes: nodes(0, 1, 2, 3, 4, 5) },
    expect: [{ code: 'IOM101', at: 'k8s-worker-2', help: ['every known node is claimed'] }],
  },
  {
    name: 'the meta of one against the chunk of another',
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
    name: 'a ZookeeperCluster against another cluster',
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
    name: 'several shared nodes are counted',
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
    name: 'one label with the same value on both sides',
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
    name: 'different values of one label are apart',
    edit: {
      [CLUSTER]: everywhere(CLUSTER_NODES, '[{matchExpressions: [{key: pool, operator: In, values: [b]}]}]'),
      [ZOOKEEPER]: [
        terms('zookeeper', CLUSTER_NODES, '[{matchExpressions: [{key: pool, operator: In, values: [b]}]}]'),
      ],
      [MANAGEMENT]: everywhere(
        MANAGEMENT_NODES,
        '[{matchExpressions: [{key: pool, operator: In, values: [a]}]}]',
      ),
      'ZookeeperCluster/iomesh-zookeeper': [
        terms(
          'zookeeper',
          MANAGEMENT_NODES,
          '[{matchExpressions: [{key: pool, operator: In, values: [a]}]}]',
        ),
      ],
    },
    expect: [],
  },
  {
    name: 'a node selector counts as well',
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
    name: 'NotIn lets the other cluster’s nodes in',
    edit: {
      [CLUSTER]: [
        terms(
          'redirector',
          CLUSTER_NODES,
          '[{matchExpressions: [{key: kubernetes.io/hostname, operator: NotIn, values: [k8s-worker-0]}]}]',
        ),
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
    name: 'a known node with both labels, though the labels differ',
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
];

const CLUSTER_2_ZOOKEEPER = (node: string) => `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: iomesh-cluster-2-zookeeper
  namespace: iomesh-cluster-2
spec:
  replicas: 3
  image:
    repository: iomesh/zookeeper
    tag: 3.5.9
    pullPolicy: IfNotPresent
  pod:
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
            - matchExpressions:
                - key: kubernetes.io/hostname
                  operator: In
                  values: [${node}, k8s-worker-7, k8s-worker-8]
      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 20
            podAffinityTerm:
              labelSelector:
                matchExpressions:
                  - key: app
                    operator: In
                    values: [iomesh-cluster-2-zookeeper]
              topologyKey: kubernetes.io/hostname
  persistence:
    reclaimPolicy: Delete
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: hostpath
      resources:
        requests:
          storage: 20Gi
`;

const TWO_SHARED = {
  edit: {
    [CLUSTER]: [
      pin('chunk', CLUSTER_NODES, ['k8s-worker-1', 'k8s-worker-2', 'k8s-worker-5']),
      pin('meta', CLUSTER_NODES, ['k8s-worker-1', 'k8s-worker-2', 'k8s-worker-5']),
      pin('redirector', CLUSTER_NODES, ['k8s-worker-1', 'k8s-worker-2', 'k8s-worker-5']),
    ],
    [ZOOKEEPER]: [pin('zookeeper', CLUSTER_NODES, ['k8s-worker-1', 'k8s-worker-2', 'k8s-worker-5'])],
  },
} as const;

export const change: readonly ChangeCase[] = [
  {
    name: 'an update that takes a node of another cluster is denied',
    update: { [CLUSTER]: [['k8s-worker-3', 'k8s-worker-2', 3]] },
    denied: [{ code: 'IOM101', at: 'k8s-worker-2', related: ['k8s-worker-2'] }],
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'told from the changed side, the management cluster’s too',
    update: { [MANAGEMENT]: [['k8s-worker-2', 'k8s-worker-3', 3]] },
    denied: [{ code: 'IOM101', object: 'iomesh-system/iomesh', at: 'k8s-worker-3' }],
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'a ZookeeperCluster that comes before its IOMeshCluster is judged',
    create: CLUSTER_2_ZOOKEEPER('k8s-worker-5'),
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
    name: 'a ZookeeperCluster on nodes of its own is allowed',
    create: CLUSTER_2_ZOOKEEPER('k8s-worker-6'),
  },
  {
    name: 'mending one of two shared nodes is allowed, with a warning of the other',
    ...TWO_SHARED,
    update: { [CLUSTER]: [['k8s-worker-1', 'k8s-worker-4', 3]] },
    warned: [{ code: 'IOM101', at: 'k8s-worker-2' }, { code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'sharing a further node is denied',
    ...TWO_SHARED,
    update: { [CLUSTER]: [['k8s-worker-5', 'k8s-worker-0', 3]] },
    denied: [{ code: 'IOM101' }],
    warned: [{ code: 'IOM105' }, { code: 'IOM109' }],
  },
  {
    name: 'an unrelated edit is only warned of the overlap that stood before',
    ...TWO_SHARED,
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM101' }],
  },
  {
    name: 'a change of an object without part in it says nothing of it',
    ...TWO_SHARED,
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [['clusterId: k8s', 'note: x\n  clusterId: k8s']] },
  },
];
