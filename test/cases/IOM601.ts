import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
/** Without them no object uses the management cluster, so IOM602 does not apply. */
const UNUSED = ['StorageClass/iomesh-default', 'ConfigMap/iomesh-csi-configmap'];

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies the deletion while another cluster exists, and lists the commands in order',
    drop: UNUSED,
    remove: MANAGEMENT,
    denied: [
      {
        code: 'IOM601',
        at: 'iomesh',
        path: 'metadata.name',
        object: 'iomesh-system/iomesh',
        severity: 'error',
        says: ['another IOMesh cluster needs', 'iomesh-cluster-1/iomesh-cluster-1'],
        help: [
          'kubectl delete storageclass iomesh-cluster-1 && kubectl delete configmap iomesh-cluster-1-csi-configmap -n iomesh-cluster-1 && kubectl delete iomeshcluster iomesh-cluster-1 -n iomesh-cluster-1 && kubectl delete zookeepercluster iomesh-cluster-1-zookeeper -n iomesh-cluster-1; then kubectl delete iomeshcluster iomesh -n iomesh-system',
        ],
        related: ['iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'reports the StorageClass of the management cluster as well',
    remove: MANAGEMENT,
    denied: [{ code: 'IOM601' }, { code: 'IOM602', says: ['StorageClass iomesh-default (iomeshCluster)'] }],
  },
  {
    name: 'counts a cluster that is being deleted',
    drop: UNUSED,
    edit: {
      'IOMeshCluster/iomesh-cluster-1': [
        [
          '  name: iomesh-cluster-1\n',
          '  name: iomesh-cluster-1\n  deletionTimestamp: "2026-11-23T10:00:00Z"\n  finalizers: [iomesh.com/cluster]\n',
        ],
      ],
    },
    remove: MANAGEMENT,
    denied: [{ code: 'IOM601', says: ['iomesh-cluster-1/iomesh-cluster-1 (being deleted'] }],
  },
  {
    name: 'lists the first clusters and counts the others',
    drop: UNUSED,
    add: ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index) => clusterLike(name, 6 + 3 * index)).join('---\n'),
    remove: MANAGEMENT,
    denied: [
      {
        code: 'IOM601',
        says: ['7 other IOMesh clusters need', 'a/a, b/b, c/c, d/d and 3 more'],
        help: ['kubectl delete iomeshcluster c -n c', '(and the same for 4 more clusters)'],
        related: ['a', 'b', 'c', 'd', 'e'],
      },
    ],
  },
  {
    name: 'allows the deletion of the last cluster',
    drop: [
      ...UNUSED,
      ...['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap', 'StorageClass'].map(
        (kind) =>
          `${kind}/iomesh-cluster-1${{ ZookeeperCluster: '-zookeeper', ConfigMap: '-csi-configmap' }[kind] ?? ''}`,
      ),
    ],
    remove: MANAGEMENT,
  },
  {
    name: 'uses the management cluster of the configuration',
    drop: UNUSED,
    config: {
      managementCluster: { namespace: 'iomesh-cluster-1', name: 'iomesh-cluster-1' },
      rules: { IOM301: 'off' },
    },
    remove: MANAGEMENT,
  },
  {
    name: 'allows the deletion if the object has a waiver',
    drop: UNUSED,
    edit: {
      [MANAGEMENT]: [
        [
          '  name: iomesh\n',
          '  name: iomesh\n  annotations:\n    iomesh-guard.io/waive: IOM601=the whole site is taken down\n',
        ],
      ],
    },
    remove: MANAGEMENT,
    waived: 1,
  },
];
