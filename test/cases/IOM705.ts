import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
/** The management cluster and all that belongs to it. */
const ALL = [
  MANAGEMENT,
  'ZookeeperCluster/iomesh-zookeeper',
  'ConfigMap/iomesh-csi-configmap',
  'StorageClass/iomesh-default',
];
const NAMESPACE = '      blockDeviceNamespace: iomesh-system\n';
const FOLLOWS = '      blockDeviceNamespace: iomesh-cluster-1\n';

export const lint: readonly LintCase[] = [
  {
    name: 'reports a cluster without the management cluster',
    drop: ALL,
    expect: [
      {
        code: 'IOM705',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: [
          'the management cluster "iomesh-system/iomesh" does not exist, but iomesh-cluster-1/iomesh-cluster-1 needs it',
        ],
        help: [
          'apply the management cluster first, or set "managementCluster: <namespace>/<name>" in iomesh-guard.yaml',
        ],
      },
    ],
  },
  {
    name: 'reports two clusters once',
    drop: ALL,
    add: clusterLike('pool-b', 6),
    expect: [{ code: 'IOM705', says: ['iomesh-cluster-1/iomesh-cluster-1 and pool-b/pool-b need it'] }],
  },
  {
    name: 'proposes the cluster whose namespace has the block devices of the others',
    drop: ALL,
    edit: { [CLUSTER]: [[NAMESPACE, FOLLOWS]] },
    add: clusterLike('pool-b', 6).replace(NAMESPACE, FOLLOWS),
    expect: [
      {
        code: 'IOM705',
        help: ['set "managementCluster: iomesh-cluster-1/iomesh-cluster-1" in iomesh-guard.yaml'],
      },
    ],
  },
  {
    name: 'accepts a single cluster that uses its own namespace',
    drop: ALL,
    edit: { [CLUSTER]: [[NAMESPACE, '']] },
    expect: [],
  },
  {
    name: 'reports a single cluster if the ZookeeperCluster of the management cluster exists',
    drop: [MANAGEMENT, 'ConfigMap/iomesh-csi-configmap', 'StorageClass/iomesh-default'],
    edit: { [CLUSTER]: [[NAMESPACE, FOLLOWS]] },
    expect: [{ code: 'IOM705' }, { code: 'IOM301' }],
  },
  {
    name: 'reports nothing if a document cannot be read',
    drop: ALL,
    add: `apiVersion: iomesh.com/v1alpha1
kind: IOMeshCluster
metadata:
  name: iomesh
  namespace: iomesh-system
spec: [
`,
    expect: [{ code: 'IOM001' }],
  },
  {
    name: 'uses the management cluster of the configuration',
    drop: ALL,
    edit: { [CLUSTER]: [[NAMESPACE, FOLLOWS]] },
    config: { managementCluster: { namespace: 'iomesh-cluster-1', name: 'iomesh-cluster-1' } },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a pool while the management cluster is being deleted',
    edit: { [MANAGEMENT]: [['metadata:', 'metadata:\n  deletionTimestamp: "2026-11-23T10:00:00Z"']] },
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    denied: [
      {
        code: 'IOM705',
        object: 'pool-b/pool-b',
        says: ['"iomesh-system/iomesh" is being deleted, but pool-b/pool-b needs it'],
        help: ['wait until "iomesh-system/iomesh" is gone'],
      },
    ],
    warned: [{ code: 'IOM701' }],
  },
  {
    name: 'warns of a cluster that is created first',
    base: 'empty',
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM705', severity: 'warning' }, { code: 'IOM701' }],
  },
  {
    name: 'leaves the deletion of the management cluster to IOM601',
    drop: ['StorageClass/iomesh-default', 'ConfigMap/iomesh-csi-configmap'],
    remove: MANAGEMENT,
    denied: [{ code: 'IOM601' }],
  },
  {
    name: 'warns of a second cluster while the management cluster is missing',
    drop: ALL,
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM705' }, { code: 'IOM701' }],
  },
  {
    name: 'does not deny a second cluster if the configuration says error',
    drop: ALL,
    config: { rules: { IOM705: 'error' } },
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM705' }, { code: 'IOM701' }],
  },
];
