import type { ChangeCase, LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CONNECTION = 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
const CLUSTER = 'iomeshCluster: iomesh-cluster-1/iomesh-cluster-1';
const META = 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100';
const MANAGEMENT_META = 'iomesh-meta-client.iomesh-system.svc.cluster.local:10100';

export const lint: LintCase[] = [
  { name: 'both mean one cluster', expect: [] },
  {
    name: "the first cluster's connection beside the second cluster",
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
          'leads to "iomesh-system/iomesh"',
          'ConfigMap iomesh-system/iomesh-csi-configmap',
        ],
        help: [`set clusterConnection to "${CONNECTION}"`, 'iomeshCluster to "iomesh-system/iomesh"'],
        related: ['iomesh-system/iomesh-csi-configmap', MANAGEMENT_META, 'iomesh-cluster-1'],
        fix: 'shown',
      },
    ],
  },
  {
    name: "the other way round: cluster 1 gets a class that names the management cluster's",
    edit: { [CLASS]: [[CLUSTER, 'iomeshCluster: iomesh-system/iomesh']] },
    expect: [{ code: 'IOM505', at: 'iomesh-system/iomesh' }],
  },
  {
    name: 'a connection that dangles contradicts nothing',
    edit: { [CLASS]: [[CONNECTION, 'storage/connection']] },
    expect: [{ code: 'IOM503' }],
  },
  {
    name: 'nor does a cluster that is not there',
    edit: { [CLASS]: [[CLUSTER, 'iomeshCluster: storage/pool']] },
    expect: [{ code: 'IOM504' }],
  },
  {
    name: 'nor an address that leads nowhere',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [
        ['iomesh-cluster-1-meta-client.iomesh-cluster-1', 'iomesh-cluster-1-meta-client.iomesh-clutser-1'],
      ],
    },
    expect: [{ code: 'IOM204' }],
  },
  {
    name: '1.2 has no connection ConfigMaps',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CONNECTION, 'iomesh-system/iomesh-csi-configmap']] },
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'a class that contradicts itself is denied',
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast
provisioner: com.iomesh.csi-driver
parameters:
  clusterConnection: iomesh-system/iomesh-csi-configmap
  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1
`,
    denied: [{ code: 'IOM505', object: 'fast' }],
  },
  {
    name: 'a ConfigMap that is turned to another cluster is denied',
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [[META, MANAGEMENT_META]] },
    denied: [{ code: 'IOM505', object: 'iomesh-cluster-1' }],
    warned: [{ code: 'IOM206' }],
  },
  {
    name: 'a ConfigMap turned back is silent',
    edit: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [[META, MANAGEMENT_META]] },
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [[MANAGEMENT_META, META]] },
  },
  {
    name: 'an edit of a class that stood so is warned of it',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-system/iomesh-csi-configmap']] },
    update: { [CLASS]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
    warned: [{ code: 'IOM505' }],
  },
];
