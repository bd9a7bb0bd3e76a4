import { baseDocuments, type ChangeCase, changed, type LintCase } from './harness.ts';
import { configMap, connectionMap, storageClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CONNECTION = 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap';

function names(to: string, meant: string | undefined, fix: 'unsafe' | 'shown' = 'unsafe'): LintCase {
  return {
    name: `reports a reference to ${to}`,
    edit: { [CLASS]: [[CONNECTION, to]] },
    expect: [
      {
        code: 'IOM503',
        at: to,
        path: 'parameters.clusterConnection',
        object: 'iomesh-cluster-1',
        severity: 'error',
        says: [`ConfigMap "${to}"`, 'does not exist', meant === undefined ? '' : `did you mean "${meant}"?`],
        help: [
          meant === undefined
            ? 'create the ConfigMap'
            : `set parameters.clusterConnection to "${meant}"; an existing class`,
        ],
        ...(meant === undefined ? {} : { fix }),
      },
    ],
    fixed:
      meant && fix === 'unsafe'
        ? changed(`  clusterConnection: ${to}`, `  clusterConnection: ${meant}`)
        : undefined,
  };
}

export const lint: LintCase[] = [
  { name: 'accepts an existing ConfigMap', expect: [] },
  names('iomesh-cluster-1/iomesh-cluster-1-csi-configmp', CONNECTION),
  names('iomesh-cluster-2/iomesh-cluster-1-csi-configmap', CONNECTION),
  names('iomesh-cluster-1/connection', CONNECTION),
  // The other reference means another cluster: writing this one alone would be a new fault.
  names('storage/iomesh-csi-configmap', 'iomesh-system/iomesh-csi-configmap', 'shown'),
  names('storage/connection', undefined),
  {
    name: 'does not propose a ConfigMap that is not a connection',
    edit: { [CLASS]: [[CONNECTION, 'storage/connection']] },
    add: configMap('storage/kube-root-ca.crt', { 'ca.crt': 'none' }),
    expect: [{ code: 'IOM503', help: ['create the ConfigMap'] }],
  },
  {
    name: 'ignores the parameter in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CONNECTION, 'storage/connection']] },
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns of a class whose ConfigMap is being deleted',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [
        ['metadata:', 'metadata:\n  deletionTimestamp: "2026-11-23T10:00:00Z"'],
      ],
    },
    drop: [CLASS],
    create: baseDocuments().get(CLASS)!,
    warned: [{ code: 'IOM503', says: ['which is being deleted'], help: ['create it again'] }],
  },
  {
    name: 'warns of a class whose ConfigMap is in a namespace that is being deleted',
    edit: {
      'Namespace/iomesh-cluster-1': [['metadata:', 'metadata:\n  deletionTimestamp: "2026-11-23T10:00:00Z"']],
    },
    drop: [CLASS, 'IOMeshCluster/iomesh-cluster-1', 'ZookeeperCluster/iomesh-cluster-1-zookeeper'],
    create: baseDocuments().get(CLASS)!,
    warned: [{ code: 'IOM503', says: ['which is being deleted'] }, { code: 'IOM504' }],
  },
  {
    name: 'warns of a class that is created before its ConfigMap',
    drop: [CLASS],
    create: storageClass('iomesh-cluster-1', {
      clusterConnection: 'iomesh-cluster-1/connection',
      iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1',
    }),
    warned: [{ code: 'IOM503', at: 'iomesh-cluster-1/connection' }],
  },
  {
    name: 'allows the creation of the ConfigMap',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-cluster-1/connection']] },
    drop: ['ConfigMap/iomesh-cluster-1-csi-configmap'],
    create: connectionMap('iomesh-cluster-1/connection', 'iomesh-cluster-1/iomesh-cluster-1'),
  },
  {
    name: 'leaves the deletion of a ConfigMap to IOM602',
    remove: 'ConfigMap/iomesh-cluster-1-csi-configmap',
    warned: [{ code: 'IOM602' }],
  },
];
