import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';
import { storageClass, volume } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const SAME = baseDocuments().get(CLASS)!;
const OTHER = SAME.replace(
  'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
  'iomesh-system/iomesh-csi-configmap',
).replace('iomesh-cluster-1/iomesh-cluster-1', 'iomesh-system/iomesh');
const OF_CLASS = [
  volume('pv-1', { class: 'iomesh-cluster-1', claim: 'default/db-0' }),
  volume('pv-2', { class: 'iomesh-cluster-1' }),
].join('---\n');

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of a class that leads the volumes of a former class to another cluster, and names them',
    drop: [CLASS],
    add: OF_CLASS,
    create: OTHER,
    warned: [
      {
        code: 'IOM610',
        object: 'iomesh-cluster-1',
        severity: 'warning',
        says: [
          'StorageClass iomesh-cluster-1 leads to "iomesh-system/iomesh"',
          'made 2 volumes, 1 bound: default/db-0 and pv-2, which do not say where they are',
        ],
        help: ['create it under another name'],
      },
    ],
  },
  {
    name: 'warns of a class that is created again for the same cluster: the volumes do not show it',
    drop: [CLASS],
    add: OF_CLASS,
    create: SAME,
    warned: [{ code: 'IOM610', says: ['leads to "iomesh-cluster-1/iomesh-cluster-1"'] }],
  },
  {
    name: 'accepts a class if its volumes name their cluster',
    drop: [CLASS],
    add: volume('pv-1', {
      class: 'iomesh-cluster-1',
      attributes: { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' },
    }),
    create: OTHER,
  },
  {
    name: 'warns of a class for a pool under the name of the class of the chart',
    add: volume('pv-1', { class: 'iomesh-csi-driver' }),
    create: SAME.replace('name: iomesh-cluster-1', 'name: iomesh-csi-driver'),
    warned: [{ code: 'IOM610', says: ['which counted as volumes of "iomesh-system/iomesh"'] }],
  },
  {
    name: 'accepts the class of the chart, which an upgrade creates again',
    add: volume('pv-1', { class: 'iomesh-csi-driver' }),
    config: { rules: { IOM501: 'off' } },
    create: storageClass('iomesh-csi-driver', {
      'csi.storage.k8s.io/fstype': 'ext4',
      replicaFactor: '"2"',
      thinProvision: '"true"',
    }),
  },
  {
    name: 'accepts a class without volumes of its name',
    drop: [CLASS],
    add: volume('pv-1', { class: 'renamed' }),
    create: SAME,
  },
  {
    name: 'accepts a class if there is one cluster only, which has all volumes',
    drop: [CLASS, 'IOMeshCluster/iomesh'],
    config: { rules: { IOM705: 'off' } },
    add: OF_CLASS,
    create: SAME,
  },
];
