import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const WITHOUT = [FOLLOWER, 'StorageClass/iomesh-cluster-1'];
const ADDRESS = 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100';

/** The cluster without a StorageClass says so too. */
const NO_CLASS = { code: 'IOM511' } as const;

function connection(metaAddr: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: iomesh-cluster-1}
data:
  clusterId: k8s-cluster
  iscsiPortal: 127.0.0.1:3260
  metaAddr: ${metaAddr}
`;
}

export const lint: readonly LintCase[] = [
  {
    name: 'a cluster that no ConfigMap addresses',
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
    name: 'the management cluster needs one as well',
    drop: ['ConfigMap/iomesh-csi-configmap', 'StorageClass/iomesh-default'],
    expect: [{ code: 'IOM207', object: 'iomesh-system/iomesh' }, NO_CLASS],
  },
  {
    name: 'the management cluster by itself does not',
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
    name: 'a ConfigMap of any namespace will do',
    drop: WITHOUT,
    add: connection(ADDRESS).replace('namespace: iomesh-cluster-1', 'namespace: elsewhere'),
    expect: [NO_CLASS],
  },
  {
    name: 'one that is there but malformed is reported for itself',
    drop: WITHOUT,
    add: connection('iomesh-cluster-1.iomesh-cluster-1:10100'),
    expect: [{ code: 'IOM203' }, NO_CLASS],
  },
  {
    name: 'one that lacks the address is reported for itself',
    drop: WITHOUT,
    add: connection('x').replace('  metaAddr: x\n', ''),
    expect: [{ code: 'IOM205' }, NO_CLASS],
  },
  {
    name: 'one that names no cluster is reported for itself',
    drop: WITHOUT,
    add: connection('iomesh-cluster-2-meta-client.iomesh-cluster-1.svc.cluster.local:10100'),
    expect: [{ code: 'IOM204' }, NO_CLASS],
  },
  {
    name: "one with another cluster's address is reported for itself",
    drop: WITHOUT,
    add: connection('iomesh-meta-client.iomesh-system.svc.cluster.local:10100'),
    expect: [{ code: 'IOM206' }, NO_CLASS],
  },
  {
    name: 'where a StorageClass names the missing one, that is the fault',
    drop: [FOLLOWER],
    expect: [{ code: 'IOM503' }],
  },
  {
    name: 'one that could not be read may be the one',
    drop: WITHOUT,
    add: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n\tx: y\n',
    expect: [{ code: 'IOM001' }, NO_CLASS],
  },
  {
    name: '1.2 has none',
    config: { iomeshVersion: '1.2' },
    drop: WITHOUT,
    expect: [NO_CLASS],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'at the apiserver the ConfigMap may come later',
    drop: WITHOUT,
    update: {
      'IOMeshCluster/iomesh-cluster-1': [['storageClass: hostpath', 'storageClass: hostpath # edited']],
    },
  },
];
