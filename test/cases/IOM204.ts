import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const RIGHT = 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100';

export const lint: readonly LintCase[] = [
  {
    name: "the management cluster's namespace with the follower's name",
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
    name: 'a mistyped name',
    edit: { [FOLLOWER]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    expect: [
      { code: 'IOM204', says: ['"iomesh-cluster-1/iomesh-clutser-1"'], help: [`"${RIGHT}"`], fix: 'unsafe' },
    ],
    fixed: `
-  metaAddr: iomesh-clutser-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100
+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100`,
  },
  {
    name: 'a mistyped name and namespace',
    edit: { [FOLLOWER]: [[RIGHT, RIGHT.replaceAll('cluster-1', 'cluste-1')]] },
    expect: [{ code: 'IOM204', help: [`"${RIGHT}"`] }],
    fixed: `
-  metaAddr: iomesh-cluste-1-meta-client.iomesh-cluste-1.svc.cluster.local:10100
+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100`,
  },
  {
    name: 'nothing in sight: the help says to name or create it',
    drop: [
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'StorageClass/iomesh-cluster-1',
    ],
    expect: [{ code: 'IOM204', help: ['create IOMeshCluster "iomesh-cluster-1/iomesh-cluster-1"'] }],
  },
  {
    name: 'followers without their management cluster are another fault',
    drop: ['IOMeshCluster/iomesh', 'ZookeeperCluster/iomesh-zookeeper', 'StorageClass/iomesh-default'],
    expect: [{ code: 'IOM705' }],
  },
  {
    name: 'a cluster that could not be read may be the one',
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
    name: 'a ConfigMap before its cluster is warned of, not denied',
    drop: [
      FOLLOWER,
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'StorageClass/iomesh-cluster-1',
    ],
    create: `apiVersion: v1
kind: ConfigMap
metadata: {name: iomesh-cluster-1-csi-configmap, namespace: iomesh-cluster-1}
data:
  clusterId: k8s-cluster
  iscsiPortal: 127.0.0.1:3260
  metaAddr: ${RIGHT}
`,
    warned: [{ code: 'IOM204', help: ['create'] }],
  },
  {
    name: 'deleting the cluster is not held against a ConfigMap that nobody uses',
    drop: ['StorageClass/iomesh-cluster-1'],
    remove: 'IOMeshCluster/iomesh-cluster-1',
  },
];
