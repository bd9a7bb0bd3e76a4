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
  { name: 'accepts six workers for two clusters', config: known(0, 1, 2, 3, 4, 5), expect: [] },
  {
    name: 'reports five workers for two clusters',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    expect: [
      {
        code: 'IOM707',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: [
          '2 IOMesh clusters need 6 worker nodes (3 each), but only 5 are known',
          'iomesh-cluster-1/iomesh-cluster-1 does not fit',
        ],
        help: ['add 1 worker node'],
      },
    ],
  },
  {
    name: 'reports once, on the last cluster',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    add: `${clusterLike('pool-b', 6)}---\n${clusterLike('a-pool', 9)}`,
    expect: [
      {
        code: 'IOM707',
        object: 'pool-b/pool-b',
        says: ['4 IOMesh clusters need 12'],
        help: ['add 7 worker nodes'],
      },
    ],
  },
  {
    name: 'never reports the management cluster',
    config: {
      ...known(0, 1, 2, 3, 4),
      rules: quiet,
      managementCluster: { namespace: 'iomesh-system', name: 'iomesh' },
    },
    expect: [{ code: 'IOM707', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'does not count control plane nodes',
    add: [0, 1, 2, 3, 4, 5]
      .map((index) =>
        node(`k8s-worker-${index}`, index === 0 ? '{node-role.kubernetes.io/control-plane: ""}' : '{}'),
      )
      .join('---\n'),
    config: { rules: quiet },
    expect: [{ code: 'IOM707', says: ['only 5 are known'] }],
  },
  { name: 'reports nothing if no node is known', expect: [] },
  {
    name: 'ignores a single cluster',
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
    name: 'warns of a cluster that does not fit',
    config: { ...known(0, 1, 2, 3, 4, 5), rules: quiet },
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM707', object: 'pool-b/pool-b', severity: 'warning' }, { code: 'IOM701' }],
  },
  {
    name: 'warns if the new cluster is not the last by name',
    config: { ...known(0, 1, 2, 3, 4, 5), rules: quiet },
    create: clusterLike('a-pool', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM707', object: 'iomesh-cluster-1/iomesh-cluster-1' }, { code: 'IOM701' }],
  },
  {
    name: 'warns if an edit of the last cluster leaves the shortage',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM707' }],
  },
  {
    name: 'ignores an edit of another cluster',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    update: {
      'IOMeshCluster/iomesh': [
        ['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence'],
      ],
    },
  },
  {
    name: 'allows the deletion of a cluster',
    config: { ...known(0, 1, 2, 3, 4), rules: quiet },
    drop: ['StorageClass/iomesh-cluster-1', 'ConfigMap/iomesh-cluster-1-csi-configmap'],
    remove: CLUSTER,
  },
];
