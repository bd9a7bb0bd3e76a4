import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';
import { storageClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CONNECTION = 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
const CLUSTER = 'iomeshCluster: iomesh-cluster-1/iomesh-cluster-1';
const META = 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100';
const MANAGEMENT_META = 'iomesh-meta-client.iomesh-system.svc.cluster.local:10100';

export const lint: LintCase[] = [
  { name: 'accepts two references to one cluster', expect: [] },
  {
    name: 'reports the connection of another cluster',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-system/iomesh-csi-configmap']] },
    expect: [
      {
        code: 'IOM505',
        at: 'iomesh-cluster-1/iomesh-cluster-1',
        path: 'parameters.iomeshCluster',
        object: 'iomesh-cluster-1',
        severity: 'error',
        says: [
          'names "iomesh-cluster-1/iomesh-cluster-1"',
          'points to "iomesh-system/iomesh"',
          'ConfigMap iomesh-system/iomesh-csi-configmap',
        ],
        help: [
          `to use "iomesh-cluster-1/iomesh-cluster-1", set parameters.clusterConnection to "${CONNECTION}"`,
          'set parameters.iomeshCluster to "iomesh-system/iomesh"',
          `If the ConfigMap is wrong, set data.metaAddr of ConfigMap iomesh-system/iomesh-csi-configmap to "${META}"`,
        ],
        related: ['iomesh-system/iomesh-csi-configmap', MANAGEMENT_META, 'iomesh-cluster-1'],
        fix: 'shown',
      },
    ],
  },
  {
    name: 'reports the name of another cluster',
    edit: { [CLASS]: [[CLUSTER, 'iomeshCluster: iomesh-system/iomesh']] },
    expect: [{ code: 'IOM505', at: 'iomesh-system/iomesh' }],
  },
  {
    name: 'leaves a missing ConfigMap to IOM503',
    edit: { [CLASS]: [[CONNECTION, 'storage/connection']] },
    expect: [{ code: 'IOM503' }],
  },
  {
    name: 'leaves a missing cluster to IOM504',
    edit: { [CLASS]: [[CLUSTER, 'iomeshCluster: storage/pool']] },
    expect: [{ code: 'IOM504' }],
  },
  {
    name: 'leaves an address of no cluster to IOM204',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [
        ['iomesh-cluster-1-meta-client.iomesh-cluster-1', 'iomesh-cluster-1-meta-client.iomesh-clutser-1'],
      ],
    },
    expect: [{ code: 'IOM204' }],
  },
  {
    name: 'ignores the connection in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CONNECTION, 'iomesh-system/iomesh-csi-configmap']] },
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a cluster with which a class leads to two clusters',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-system/iomesh-csi-configmap']] },
    drop: ['IOMeshCluster/iomesh-cluster-1'],
    create: baseDocuments().get('IOMeshCluster/iomesh-cluster-1')!,
    denied: [{ code: 'IOM505', object: 'iomesh-cluster-1' }],
  },
  {
    name: 'denies a class with references to two clusters',
    create: storageClass('fast', {
      clusterConnection: 'iomesh-system/iomesh-csi-configmap',
      iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1',
    }),
    denied: [{ code: 'IOM505', object: 'fast' }],
  },
  {
    name: 'denies a ConfigMap that changes to another cluster',
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [[META, MANAGEMENT_META]] },
    denied: [
      {
        code: 'IOM505',
        object: 'iomesh-cluster-1',
        help: [
          `set data.metaAddr of ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap to "${META}". If the class is wrong, to use`,
        ],
      },
    ],
    warned: [{ code: 'IOM206' }],
  },
  {
    name: 'allows a ConfigMap that changes back',
    edit: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [[META, MANAGEMENT_META]] },
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [[MANAGEMENT_META, META]] },
  },
  {
    name: 'warns if an edit leaves both references as they were',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-system/iomesh-csi-configmap']] },
    update: { [CLASS]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
    warned: [{ code: 'IOM505' }],
  },
];
