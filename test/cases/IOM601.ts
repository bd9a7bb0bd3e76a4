import { clusterLike } from './clusters.ts';
import { type ChangeCase, exceptionFor, type LintCase } from './harness.ts';
import { volume } from './objects.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
/** Without them no object uses the management cluster, so IOM602 does not apply. */
const UNUSED = ['StorageClass/iomesh-default', 'ConfigMap/iomesh-csi-configmap'];
const BEING_DELETED = '  deletionTimestamp: "2026-11-23T10:00:00Z"\n  finalizers: [iomesh.com/cluster]\n';
const SINCE_1_1 = { iomeshVersion: '1.1', rules: { IOM510: 'off' } } as const;
const ON_POOL = { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' };

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies the deletion while another cluster exists',
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
          'remove this cluster last; iomesh-guard plan remove iomesh-cluster-1 prints the steps before; kubectl get pv',
        ],
        related: ['iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'warns of the StorageClass of the management cluster as well',
    remove: MANAGEMENT,
    denied: [{ code: 'IOM601' }],
    warned: [{ code: 'IOM602', says: ['StorageClass iomesh-default (iomeshCluster)'] }],
  },
  {
    name: 'counts a cluster that is being deleted, and says to wait for it',
    drop: UNUSED,
    edit: {
      'IOMeshCluster/iomesh-cluster-1': [
        ['  name: iomesh-cluster-1\n', `  name: iomesh-cluster-1\n${BEING_DELETED}`],
      ],
    },
    remove: MANAGEMENT,
    denied: [
      {
        code: 'IOM601',
        says: ['iomesh-cluster-1/iomesh-cluster-1 (being deleted'],
        help: ['wait until iomesh-cluster-1/iomesh-cluster-1 is gone'],
        helpOmits: ['plan remove'],
      },
    ],
  },
  {
    name: 'names the first clusters and counts the others',
    drop: UNUSED,
    add: ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index) => clusterLike(name, 6 + 3 * index)).join('---\n'),
    remove: MANAGEMENT,
    denied: [
      {
        code: 'IOM601',
        says: ['7 other IOMesh clusters need', 'a/a, b/b, c/c, d/d and 3 more'],
        help: ['iomesh-guard plan remove c (and the same for 4 more clusters) print the steps'],
        related: ['a', 'b', 'c', 'd', 'e'],
      },
    ],
  },
  {
    name: 'denies the deletion of the ZookeeperCluster of the management cluster as well',
    drop: UNUSED,
    remove: 'ZookeeperCluster/iomesh-zookeeper',
    denied: [
      {
        code: 'IOM601',
        object: 'iomesh-system/iomesh-zookeeper',
        says: [
          'iomesh-system/iomesh, which needs ZookeeperCluster iomesh-system/iomesh-zookeeper, is the management cluster',
        ],
      },
    ],
    warned: [{ code: 'IOM602' }],
  },
  {
    name: 'allows the deletion of the ZookeeperCluster after that of the management cluster',
    drop: [...UNUSED, MANAGEMENT],
    config: { rules: { IOM705: 'off' } },
    remove: 'ZookeeperCluster/iomesh-zookeeper',
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
    name: 'warns from 1.1 on, where the vendor removes all clusters at once',
    drop: UNUSED,
    config: SINCE_1_1,
    remove: MANAGEMENT,
    warned: [{ code: 'IOM601', severity: 'warning', says: ['another IOMesh cluster needs'] }],
  },
  {
    name: 'denies from 1.1 on while another cluster holds volumes',
    drop: UNUSED,
    config: SINCE_1_1,
    add: volume('pv-1', { attributes: ON_POOL, claim: 'default/db' }),
    remove: MANAGEMENT,
    denied: [
      { code: 'IOM601', says: ['iomesh-cluster-1/iomesh-cluster-1, with 1 volume, 1 bound: default/db'] },
    ],
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
    name: 'takes the likely management cluster if that of the configuration does not exist',
    drop: UNUSED,
    config: { managementCluster: { namespace: 'storage', name: 'main' } },
    remove: MANAGEMENT,
    denied: [
      {
        code: 'IOM601',
        says: ['is most likely the management cluster (storage/main of the configuration does not exist)'],
      },
    ],
    warned: [{ code: 'IOM301', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'allows the deletion of a pool if the management cluster of the configuration does not exist',
    drop: UNUSED,
    config: { managementCluster: { namespace: 'storage', name: 'main' } },
    remove: 'IOMeshCluster/iomesh-cluster-1',
    warned: [{ code: 'IOM602' }],
  },
  {
    name: 'allows the deletion with an exception of the configuration',
    drop: UNUSED,
    config: exceptionFor('IOM601', 'IOMeshCluster/iomesh-system/iomesh'),
    remove: MANAGEMENT,
    waived: 1,
  },
  {
    name: 'denies the deletion with an annotation',
    drop: UNUSED,
    edit: {
      [MANAGEMENT]: [
        ['  name: iomesh\n', '  name: iomesh\n  annotations: {iomesh-guard.io/waive: IOM601=closing}\n'],
      ],
    },
    remove: MANAGEMENT,
    denied: [{ code: 'IOM601', help: ['waivers.exceptions of the configuration'] }],
  },
];
