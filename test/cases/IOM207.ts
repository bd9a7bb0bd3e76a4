import type { ChangeCase, LintCase } from './harness.ts';
import { connectionMap } from './objects.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const WITHOUT = [FOLLOWER, 'StorageClass/iomesh-cluster-1'];
const ADDRESS = 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100';

/** The cluster without a StorageClass says so too. */
const NO_CLASS = { code: 'IOM511' } as const;

export const lint: readonly LintCase[] = [
  {
    name: 'reports a pool without a ConfigMap',
    drop: WITHOUT,
    expect: [
      {
        code: 'IOM207',
        severity: 'warning',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        says: ['iomesh-cluster-1/iomesh-cluster-1 has no connection ConfigMap'],
        help: [`metaAddr "${ADDRESS}"`],
      },
      NO_CLASS,
    ],
  },
  {
    name: 'reports the management cluster next to a pool',
    drop: ['ConfigMap/iomesh-csi-configmap', 'StorageClass/iomesh-default'],
    expect: [{ code: 'IOM207', object: 'iomesh-system/iomesh' }, NO_CLASS],
  },
  {
    name: 'accepts a single management cluster',
    drop: [
      'ConfigMap/iomesh-csi-configmap',
      'StorageClass/iomesh-default',
      ...WITHOUT,
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
    ],
    expect: [NO_CLASS],
  },
  {
    name: 'accepts a ConfigMap in any namespace',
    drop: WITHOUT,
    add: connectionMap('elsewhere/c', ADDRESS),
    expect: [NO_CLASS],
  },
  {
    name: 'skips if a ConfigMap in the namespace has an invalid address',
    drop: WITHOUT,
    add: connectionMap('iomesh-cluster-1/c', 'iomesh-cluster-1.iomesh-cluster-1:10100'),
    expect: [{ code: 'IOM203' }, NO_CLASS],
  },
  {
    name: 'skips if a ConfigMap in the namespace has no address',
    drop: WITHOUT,
    add: connectionMap('iomesh-cluster-1/c', 'x').replace('  metaAddr: x\n', ''),
    expect: [{ code: 'IOM205' }, NO_CLASS],
  },
  {
    name: 'skips if a ConfigMap in the namespace points to a missing cluster',
    drop: WITHOUT,
    add: connectionMap('iomesh-cluster-1/c', 'iomesh-cluster-1/iomesh-cluster-2'),
    expect: [{ code: 'IOM204' }, NO_CLASS],
  },
  {
    name: 'skips if a ConfigMap in the namespace points to another cluster',
    drop: WITHOUT,
    add: connectionMap('iomesh-cluster-1/c', 'iomesh-system/iomesh'),
    expect: [{ code: 'IOM206' }, NO_CLASS],
  },
  {
    name: 'skips if a StorageClass names a missing ConfigMap',
    drop: [FOLLOWER],
    expect: [{ code: 'IOM503' }],
  },
  {
    name: 'skips if an unreadable document may be the ConfigMap',
    drop: WITHOUT,
    add: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n\tx: y\n',
    expect: [{ code: 'IOM001' }, NO_CLASS],
  },
  {
    name: 'accepts a cluster without a ConfigMap in 1.2',
    config: { iomeshVersion: '1.2' },
    drop: WITHOUT,
    expect: [NO_CLASS],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'reports nothing at admission, where the ConfigMap can come later',
    drop: WITHOUT,
    update: {
      'IOMeshCluster/iomesh-cluster-1': [['storageClass: hostpath', 'storageClass: hostpath # edited']],
    },
  },
];
