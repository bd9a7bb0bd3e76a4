import type { LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CONNECTION = '\n  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
const CLUSTER = '\n  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1';

export const lint: LintCase[] = [
  { name: 'a class for each', expect: [] },
  {
    name: 'the class was forgotten',
    drop: [CLASS],
    expect: [
      {
        code: 'IOM511',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: ['no StorageClass serves', '"iomesh-cluster-1/iomesh-cluster-1"'],
        help: [
          'clusterConnection: "iomesh-cluster-1/iomesh-cluster-1-csi-configmap"',
          'iomeshCluster: "iomesh-cluster-1/iomesh-cluster-1"',
        ],
      },
    ],
  },
  {
    name: 'a copied class still names the first cluster',
    edit: {
      [CLASS]: [
        [CONNECTION, '\n  clusterConnection: iomesh-system/iomesh-csi-configmap'],
        [CLUSTER, '\n  iomeshCluster: iomesh-system/iomesh'],
      ],
    },
    expect: [{ code: 'IOM511', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'a class that reaches it through its ConfigMap counts',
    edit: { [CLASS]: [[CLUSTER, '']] },
    expect: [{ code: 'IOM501' }],
  },
  {
    name: 'a class that is unbound but bears its name counts',
    edit: { [CLASS]: [[CONNECTION + CLUSTER, '']] },
    expect: [{ code: 'IOM501' }],
  },
  {
    name: 'a class that misspells it counts',
    edit: {
      [CLASS]: [
        [CONNECTION, '\n  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmp'],
        [CLUSTER, '\n  iomeshCluster: iomesh-cluster-1/iomesh-clutser-1'],
      ],
    },
    expect: [{ code: 'IOM503' }, { code: 'IOM504' }],
  },
  {
    name: 'a class of which nobody can say whom it is meant for may be meant for it',
    edit: {
      [CLASS]: [
        [CONNECTION, '\n  clusterConnection: storage/connection'],
        [CLUSTER, '\n  iomeshCluster: storage/pool'],
      ],
    },
    expect: [{ code: 'IOM503' }, { code: 'IOM504' }],
  },
  {
    name: 'in 1.2 only the cluster is asked for',
    config: { iomeshVersion: '1.2' },
    drop: [CLASS],
    expect: [
      { code: 'IOM511', help: ['with the parameters iomeshCluster: "iomesh-cluster-1/iomesh-cluster-1"'] },
    ],
  },
];
