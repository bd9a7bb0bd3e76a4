import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';
import { nodes } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const known = (...numbers: number[]) => ({ nodes: nodes(...numbers) });
/** Which node is missing, other rules say. */
const quiet = { IOM106: 'off', IOM107: 'off' } as const;
const node = (name: string, labels = '{}') => `apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: ${labels}
`;

export const lint: readonly LintCase[] = [
  { name: 'six workers for two clusters', config: known(0, 1, 2, 3, 4, 5), expect: [] },
  {
    name: 'five for two',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    expect: [
      {
        code: 'IOM707',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: [
          '5 workers are known, but 2 IOMesh clusters need 6',
          'iomesh-cluster-1/iomesh-cluster-1 finds no room',
        ],
        help: ['add 1 worker'],
      },
    ],
  },
  {
    name: 'however many clusters find no room, it is one finding on the last',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    add: `${clusterLike('pool-b', 6)}---\n${clusterLike('a-pool', 9)}`,
    expect: [
      {
        code: 'IOM707',
        object: 'pool-b/pool-b',
        says: ['4 IOMesh clusters need 12'],
        help: ['add 7 workers'],
      },
    ],
  },
  {
    name: 'the management cluster comes first, whatever its name',
    config: {
      ...known(0, 1, 2, 3, 4),
      rules: quiet,
      managementCluster: { namespace: 'iomesh-system', name: 'iomesh' },
    },
    expect: [{ code: 'IOM707', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'nodes of the control plane do not count',
    add: [0, 1, 2, 3, 4, 5]
      .map((index) =>
        node(`k8s-worker-${index}`, index === 0 ? '{node-role.kubernetes.io/control-plane: ""}' : '{}'),
      )
      .join('---\n'),
    config: { rules: quiet },
    expect: [{ code: 'IOM707', says: ['5 workers are known'] }],
  },
  { name: 'where no node is known nothing is said', expect: [] },
  {
    name: 'a single cluster lacks no room',
    config: { ...known(0, 1), rules: { ...quiet, IOM207: 'off', IOM511: 'off' } },
    drop: [
      CLUSTER,
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'ConfigMap/iomesh-cluster-1-csi-configmap',
      'StorageClass/iomesh-cluster-1',
    ],
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'a cluster that finds no room is warned of',
    config: { ...known(0, 1, 2, 3, 4, 5), rules: quiet },
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM707', object: 'pool-b/pool-b', severity: 'warning' }, { code: 'IOM701' }],
  },
  {
    name: 'one that sorts before the last is warned of it all the same',
    config: { ...known(0, 1, 2, 3, 4, 5), rules: quiet },
    create: clusterLike('a-pool', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM707', object: 'iomesh-cluster-1/iomesh-cluster-1' }, { code: 'IOM701' }],
  },
  {
    name: 'an edit of the last is warned of what stood before',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM707' }],
  },
  {
    name: 'an edit of another says nothing of it',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    update: {
      'IOMeshCluster/iomesh': [
        ['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence'],
      ],
    },
  },
  {
    name: 'deleting one is welcome',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    drop: ['StorageClass/iomesh-cluster-1', 'ConfigMap/iomesh-cluster-1-csi-configmap'],
    remove: CLUSTER,
  },
];
