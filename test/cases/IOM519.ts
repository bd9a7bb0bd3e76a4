import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';

const POOL = 'IOMeshCluster/iomesh-cluster-1';
const POOL_ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const CLASS = 'StorageClass/iomesh-cluster-1';
const OWN = ['storageClass: hostpath', 'storageClass: iomesh-cluster-1'] as const;
const OWN_ZOOKEEPER = ['storageClassName: hostpath', 'storageClassName: iomesh-cluster-1'] as const;

export const lint: LintCase[] = [
  {
    name: 'reports a cluster with its own class',
    edit: { [POOL]: [OWN], [POOL_ZOOKEEPER]: [OWN_ZOOKEEPER] },
    expect: [
      {
        code: 'IOM519',
        at: 'iomesh-cluster-1',
        path: 'spec.storageClass',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: ['StorageClass "iomesh-cluster-1" is served by this cluster itself'],
        help: ['set spec.storageClass to a class of local storage', '"hostpath"'],
      },
      {
        code: 'IOM519',
        path: 'spec.persistence.spec.storageClassName',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        severity: 'error',
      },
    ],
  },
  {
    name: 'warns of a cluster with the class of another one',
    edit: { [POOL]: [['storageClass: hostpath', 'storageClass: iomesh-default']] },
    expect: [
      {
        code: 'IOM519',
        severity: 'warning',
        says: ['is served by IOMesh cluster "iomesh-system/iomesh"', 'cannot start before'],
      },
    ],
  },
  {
    name: 'reports the management cluster with the class of the chart, which the files do not contain',
    edit: { 'IOMeshCluster/iomesh': [['storageClass: hostpath', 'storageClass: iomesh-csi-driver']] },
    expect: [{ code: 'IOM519', severity: 'error', object: 'iomesh-system/iomesh' }],
  },
  {
    name: 'warns if the cluster of the class is unknown',
    edit: {
      [POOL]: [OWN],
      [CLASS]: [['iomesh-cluster-1/iomesh-cluster-1-csi-configmap', 'iomesh-system/iomesh-csi-configmap']],
    },
    expect: [{ code: 'IOM519', severity: 'warning' }, { code: 'IOM505' }],
  },
  { name: 'accepts local storage', expect: [] },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a cluster with its own class',
    drop: [POOL],
    create: baseDocuments()
      .get(POOL)!
      .replace(...OWN),
    denied: [{ code: 'IOM519' }],
  },
  {
    name: 'denies a class that serves a cluster whose volumes use it',
    drop: [CLASS],
    edit: { [POOL]: [OWN] },
    create: baseDocuments().get(CLASS)!,
    denied: [{ code: 'IOM519', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'denies a ZookeeperCluster with the class of its cluster',
    drop: [POOL_ZOOKEEPER],
    create: baseDocuments()
      .get(POOL_ZOOKEEPER)!
      .replace(...OWN_ZOOKEEPER),
    denied: [{ code: 'IOM519' }],
  },
];
