import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
/** Nothing names the management cluster, so that only its being first is at issue. */
const UNUSED = ['StorageClass/iomesh-default', 'ConfigMap/iomesh-csi-configmap'];

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'while a follower stands, its removal is spelled out in order',
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
    name: 'its own StorageClass is said beside it',
    remove: MANAGEMENT,
    denied: [{ code: 'IOM601' }, { code: 'IOM602', says: ['StorageClass iomesh-default (iomeshCluster)'] }],
  },
  {
    name: 'a follower that is being deleted still needs the operator',
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
    name: 'of many followers the first are listed and the others counted',
    drop: UNUSED,
    add: ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index) => clusterLike(name, 6 + 3 * index)).join('---\n'),
    remove: MANAGEMENT,
    denied: [
      {
        code: 'IOM601',
        says: ['7 other IOMesh clusters need', 'a/a, b/b, c/c, d/d and 3 more'],
        help: ['kubectl delete iomeshcluster c -n c', '(and likewise for 4 more)'],
        related: ['a', 'b', 'c', 'd', 'e'],
      },
    ],
  },
  {
    name: 'the last one may go',
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
    name: 'which one it is, the configuration says',
    drop: UNUSED,
    config: {
      managementCluster: { namespace: 'iomesh-cluster-1', name: 'iomesh-cluster-1' },
      rules: { IOM301: 'off' },
    },
    remove: MANAGEMENT,
  },
  {
    name: 'a waiver on the object lets it go',
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
