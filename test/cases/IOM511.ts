import type { LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CONNECTION = '\n  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
const CLUSTER = '\n  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1';

export const lint: LintCase[] = [
  { name: 'accepts a class for each cluster', expect: [] },
  {
    name: 'reports a cluster without a class',
    drop: [CLASS],
    expect: [
      {
        code: 'IOM511',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: ['no StorageClass uses', '"iomesh-cluster-1/iomesh-cluster-1"'],
        help: [
          'clusterConnection: "iomesh-cluster-1/iomesh-cluster-1-csi-configmap"',
          'iomeshCluster: "iomesh-cluster-1/iomesh-cluster-1"',
        ],
      },
    ],
  },
  {
    name: 'reports a cluster if its class names another cluster',
    edit: {
      [CLASS]: [
        [CONNECTION, '\n  clusterConnection: iomesh-system/iomesh-csi-configmap'],
        [CLUSTER, '\n  iomeshCluster: iomesh-system/iomesh'],
      ],
    },
    expect: [{ code: 'IOM511', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'accepts a class that names only the ConfigMap of the cluster',
    edit: { [CLASS]: [[CLUSTER, '']] },
    expect: [{ code: 'IOM501' }],
  },
  {
    name: 'accepts a class with the name of the cluster',
    edit: { [CLASS]: [[CONNECTION + CLUSTER, '']] },
    expect: [{ code: 'IOM501' }],
  },
  {
    name: 'accepts a class that misspells the cluster',
    edit: {
      [CLASS]: [
        [CONNECTION, '\n  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmp'],
        [CLUSTER, '\n  iomeshCluster: iomesh-cluster-1/iomesh-clutser-1'],
      ],
    },
    expect: [{ code: 'IOM503' }, { code: 'IOM504' }],
  },
  {
    name: 'reports no cluster if a class names unknown objects',
    edit: {
      [CLASS]: [
        [CONNECTION, '\n  clusterConnection: storage/connection'],
        [CLUSTER, '\n  iomeshCluster: storage/pool'],
      ],
    },
    expect: [{ code: 'IOM503' }, { code: 'IOM504' }],
  },
  {
    name: 'proposes only iomeshCluster in 1.2',
    config: { iomeshVersion: '1.2' },
    drop: [CLASS],
    expect: [{ code: 'IOM511', help: ['and parameter iomeshCluster: "iomesh-cluster-1/iomesh-cluster-1"'] }],
  },
];
