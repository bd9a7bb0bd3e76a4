import type { ChangeCase, LintCase } from './harness.ts';
import { connectionMap } from './objects.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const RIGHT = 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100';

export const lint: readonly LintCase[] = [
  {
    name: 'proposes the namespace of the pool instead of that of the management cluster',
    edit: { [FOLLOWER]: [['client.iomesh-cluster-1.svc', 'client.iomesh-system.svc']] },
    expect: [
      {
        code: 'IOM204',
        severity: 'error',
        at: 'iomesh-cluster-1-meta-client.iomesh-system.svc.cluster.local:10100',
        says: ['"iomesh-system/iomesh-cluster-1"', 'does not exist'],
        help: ['the address of iomesh-cluster-1/iomesh-cluster-1', `"${RIGHT}"`],
        related: ['iomesh-cluster-1'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-  metaAddr: iomesh-cluster-1-meta-client.iomesh-system.svc.cluster.local:10100
+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100`,
  },
  {
    name: 'proposes the right name',
    edit: { [FOLLOWER]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    expect: [
      { code: 'IOM204', says: ['"iomesh-cluster-1/iomesh-clutser-1"'], help: [`"${RIGHT}"`], fix: 'unsafe' },
    ],
    fixed: `
-  metaAddr: iomesh-clutser-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100
+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100`,
  },
  {
    name: 'proposes the right name and namespace',
    edit: { [FOLLOWER]: [[RIGHT, RIGHT.replaceAll('cluster-1', 'cluste-1')]] },
    expect: [{ code: 'IOM204', help: [`"${RIGHT}"`] }],
    fixed: `
-  metaAddr: iomesh-cluste-1-meta-client.iomesh-cluste-1.svc.cluster.local:10100
+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100`,
  },
  {
    name: 'proposes to create the cluster if none is similar',
    drop: [
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'StorageClass/iomesh-cluster-1',
    ],
    expect: [{ code: 'IOM204', help: ['create IOMeshCluster "iomesh-cluster-1/iomesh-cluster-1"'] }],
  },
  {
    name: 'reports pools without their management cluster as IOM705',
    drop: ['IOMeshCluster/iomesh', 'ZookeeperCluster/iomesh-zookeeper', 'StorageClass/iomesh-default'],
    expect: [{ code: 'IOM705' }],
  },
  {
    name: 'skips if an unreadable document may be the cluster',
    drop: [
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'StorageClass/iomesh-cluster-1',
    ],
    add: `apiVersion: iomesh.com/v1alpha1
kind: IOMeshCluster
metadata:
  name: iomesh-cluster-1
  namespace: iomesh-cluster-1
spec:
\treplicas: 3
`,
    expect: [{ code: 'IOM001' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of the address of the management cluster if the only cluster is being deleted',
    drop: ['IOMeshCluster/iomesh', 'StorageClass/iomesh-default', 'ConfigMap/iomesh-csi-configmap'],
    edit: {
      'IOMeshCluster/iomesh-cluster-1': [
        ['metadata:', 'metadata:\n  deletionTimestamp: "2026-11-23T10:00:00Z"'],
      ],
    },
    create: connectionMap('iomesh-system/a', 'iomesh-system/iomesh'),
    warned: [{ code: 'IOM204', says: ['"iomesh-system/iomesh", which does not exist'] }],
  },
  {
    name: 'warns of a ConfigMap that is created before its cluster',
    drop: [
      FOLLOWER,
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'StorageClass/iomesh-cluster-1',
    ],
    create: connectionMap('iomesh-cluster-1/iomesh-cluster-1-csi-configmap', RIGHT),
    warned: [{ code: 'IOM204', help: ['create'] }],
  },
  {
    name: 'denies an update away from a cluster that a StorageClass reaches through the ConfigMap',
    update: { [FOLLOWER]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    denied: [{ code: 'IOM204', says: ['does not exist'], help: [`set data.metaAddr back to "${RIGHT}"`] }],
  },
  {
    name: 'denies such an update if the StorageClass names only the ConfigMap',
    edit: { 'StorageClass/iomesh-cluster-1': [['  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1\n', '']] },
    config: { rules: { IOM501: 'off' } },
    update: { [FOLLOWER]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    denied: [{ code: 'IOM204' }],
  },
  {
    name: 'warns if no StorageClass uses the ConfigMap',
    drop: ['StorageClass/iomesh-cluster-1'],
    update: { [FOLLOWER]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    warned: [{ code: 'IOM204' }],
  },
  {
    name: 'warns from 1.1 on, where no StorageClass uses a ConfigMap',
    config: { iomeshVersion: '1.1' },
    update: { [FOLLOWER]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    warned: [{ code: 'IOM204' }],
  },
  {
    name: 'warns if the previous address was wrong too',
    edit: { [FOLLOWER]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    update: { [FOLLOWER]: [['iomesh-clutser-1-meta', 'iomesh-clutsre-1-meta']] },
    warned: [{ code: 'IOM204' }],
  },
  {
    name: 'warns if the cluster of the previous address does not exist any more',
    drop: ['IOMeshCluster/iomesh-cluster-1', 'ZookeeperCluster/iomesh-cluster-1-zookeeper'],
    update: { [FOLLOWER]: [[RIGHT, RIGHT.replaceAll('cluster-1', 'cluster-2')]] },
    warned: [{ code: 'IOM204' }],
  },
  {
    name: 'allows the deletion of a cluster whose ConfigMap is unused',
    drop: ['StorageClass/iomesh-cluster-1'],
    remove: 'IOMeshCluster/iomesh-cluster-1',
  },
];
