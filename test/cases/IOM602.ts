import type { ChangeCase, LintCase } from './harness.ts';
import { foreignZookeeper, storageClass, volume } from './objects.ts';

const CONNECTION = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const CLASS = 'StorageClass/iomesh-cluster-1';
const BY_NAME = '  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1\n';
const BY_CONNECTION = '  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap\n';
const BEING_DELETED = '  deletionTimestamp: "2026-11-23T10:00:00Z"\n';

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of the deletion of a ConfigMap that a class names',
    remove: CONNECTION,
    warned: [
      {
        code: 'IOM602',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        at: 'iomesh-cluster-1-csi-configmap',
        severity: 'warning',
        says: [
          'ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap is in use by StorageClass iomesh-cluster-1 (clusterConnection)',
        ],
        help: ['PVCs that still name the class stay pending'],
        related: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
      },
    ],
  },
  { name: 'allows the deletion of an unused ConfigMap', drop: [CLASS], remove: CONNECTION },
  {
    name: 'allows the deletion of a ConfigMap in 1.2',
    config: { iomeshVersion: '1.2', rules: { IOM510: 'off' } },
    remove: CONNECTION,
  },
  {
    name: 'ignores a class that is being deleted',
    edit: { [CLASS]: [['  name: iomesh-cluster-1\n', `  name: iomesh-cluster-1\n${BEING_DELETED}`]] },
    remove: CONNECTION,
  },
  {
    name: 'warns of the deletion of a cluster that a class names',
    remove: CLUSTER,
    warned: [
      {
        code: 'IOM602',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: [
          'IOMeshCluster iomesh-cluster-1/iomesh-cluster-1 is in use by StorageClass iomesh-cluster-1 (iomeshCluster)',
        ],
        help: ['PVCs that still name the class stay pending'],
        related: ['iomesh-cluster-1/iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'warns of the deletion of a cluster that a class uses through a ConfigMap',
    edit: { [CLASS]: [[BY_NAME, '']] },
    remove: CLUSTER,
    warned: [
      {
        code: 'IOM602',
        says: ['iomesh-cluster-1 (through ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap)'],
        related: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
      },
    ],
  },
  {
    name: 'reports two classes in one finding',
    add: storageClass('another', {
      clusterConnection: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1',
    }),
    remove: CLUSTER,
    warned: [
      {
        code: 'IOM602',
        says: ['StorageClass another (iomeshCluster) and iomesh-cluster-1 (iomeshCluster)'],
        related: ['iomesh-cluster-1/iomesh-cluster-1', 'iomesh-cluster-1/iomesh-cluster-1'],
      },
    ],
  },
  { name: 'allows the deletion of a cluster without a class', drop: [CLASS], remove: CLUSTER },
  {
    name: 'warns of the deletion of a ZookeeperCluster whose cluster exists',
    remove: ZOOKEEPER,
    warned: [
      {
        code: 'IOM602',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        says: ['is in use by IOMeshCluster iomesh-cluster-1/iomesh-cluster-1'],
        help: ['if the cluster is to stay, create the ZookeeperCluster again'],
        related: ['iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'allows the deletion of a ZookeeperCluster whose cluster is being deleted',
    edit: { [CLUSTER]: [['  name: iomesh-cluster-1\n', `  name: iomesh-cluster-1\n${BEING_DELETED}`]] },
    remove: ZOOKEEPER,
  },
  {
    name: 'allows the deletion of a ZookeeperCluster without a cluster',
    drop: [CLUSTER, CLASS],
    remove: ZOOKEEPER,
  },
  {
    name: 'allows the deletion of a ZookeeperCluster that is not of IOMesh',
    add: foreignZookeeper('iomesh-cluster-1/kafka'),
    remove: 'ZookeeperCluster/kafka',
  },
  { name: 'allows the deletion of a class', remove: CLASS },
  {
    name: 'leaves a cluster with volumes to IOM606',
    add: volume('pv-1', { class: 'iomesh-cluster-1' }),
    remove: CLUSTER,
    denied: [{ code: 'IOM606' }],
  },
  {
    name: 'allows the deletion of a ConfigMap if the class names only the cluster',
    edit: { [CLASS]: [[BY_CONNECTION, '']] },
    remove: CONNECTION,
  },
];
