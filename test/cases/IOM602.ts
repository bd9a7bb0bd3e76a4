import type { ChangeCase, LintCase } from './harness.ts';

const CONNECTION = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const CLASS = 'StorageClass/iomesh-cluster-1';
const BY_NAME = '  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1\n';
const BY_CONNECTION = '  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap\n';
const DYING = '  deletionTimestamp: "2026-11-23T10:00:00Z"\n';

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'a ConfigMap that a class names',
    remove: CONNECTION,
    denied: [
      {
        code: 'IOM602',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        at: 'iomesh-cluster-1-csi-configmap',
        severity: 'error',
        says: [
          'ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap is in use by StorageClass iomesh-cluster-1 (clusterConnection)',
        ],
        help: [
          'kubectl delete storageclass iomesh-cluster-1 && kubectl delete configmap iomesh-cluster-1-csi-configmap -n iomesh-cluster-1',
        ],
        related: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
      },
    ],
  },
  { name: 'a ConfigMap that no class names', drop: [CLASS], remove: CONNECTION },
  {
    name: 'a ConfigMap of IOMesh 1.2, where classes have no such parameter',
    config: { iomeshVersion: '1.2', rules: { IOM510: 'off' } },
    remove: CONNECTION,
  },
  {
    name: 'a class that is being deleted uses nothing',
    edit: { [CLASS]: [['  name: iomesh-cluster-1\n', `  name: iomesh-cluster-1\n${DYING}`]] },
    remove: CONNECTION,
  },
  {
    name: 'a cluster that a class names',
    remove: CLUSTER,
    denied: [
      {
        code: 'IOM602',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: [
          'IOMeshCluster iomesh-cluster-1/iomesh-cluster-1 is in use by StorageClass iomesh-cluster-1 (iomeshCluster)',
        ],
        help: [
          'kubectl delete storageclass iomesh-cluster-1 && kubectl delete iomeshcluster iomesh-cluster-1 -n iomesh-cluster-1',
        ],
        related: ['iomesh-cluster-1/iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'a cluster that only a ConfigMap leads a class to',
    edit: { [CLASS]: [[BY_NAME, '']] },
    remove: CLUSTER,
    denied: [
      {
        code: 'IOM602',
        says: ['iomesh-cluster-1 (through ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap)'],
        related: ['iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
      },
    ],
  },
  {
    name: 'two classes are one finding',
    add: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: another
provisioner: com.iomesh.csi-driver
parameters:
  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap
  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1
`,
    remove: CLUSTER,
    denied: [
      {
        code: 'IOM602',
        says: ['StorageClass another (iomeshCluster) and iomesh-cluster-1 (iomeshCluster)'],
        help: ['kubectl delete storageclass another iomesh-cluster-1'],
        related: ['iomesh-cluster-1/iomesh-cluster-1', 'iomesh-cluster-1/iomesh-cluster-1'],
      },
    ],
  },
  { name: 'a cluster without a class', drop: [CLASS], remove: CLUSTER },
  {
    name: 'a ZookeeperCluster whose cluster lives',
    remove: ZOOKEEPER,
    denied: [
      {
        code: 'IOM602',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        says: ['is in use by IOMeshCluster iomesh-cluster-1/iomesh-cluster-1'],
        help: [
          'kubectl delete iomeshcluster iomesh-cluster-1 -n iomesh-cluster-1 && kubectl delete zookeepercluster iomesh-cluster-1-zookeeper -n iomesh-cluster-1',
        ],
        related: ['iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'a ZookeeperCluster whose cluster is being deleted',
    edit: { [CLUSTER]: [['  name: iomesh-cluster-1\n', `  name: iomesh-cluster-1\n${DYING}`]] },
    remove: ZOOKEEPER,
  },
  { name: 'a ZookeeperCluster without a cluster', drop: [CLUSTER, CLASS], remove: ZOOKEEPER },
  {
    name: 'a ZookeeperCluster of something else',
    add: `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: kafka
  namespace: iomesh-cluster-1
spec:
  replicas: 1
`,
    remove: 'ZookeeperCluster/kafka',
  },
  { name: 'a class may go', remove: CLASS },
  {
    name: 'a class without its ConfigMap, deleted with the cluster, holds it by name only',
    edit: { [CLASS]: [[BY_CONNECTION, '']] },
    remove: CONNECTION,
  },
];
