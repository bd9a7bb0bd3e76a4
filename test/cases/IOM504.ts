import { type ChangeCase, changed, type LintCase } from './harness.ts';
import { storageClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CLUSTER = 'iomeshCluster: iomesh-cluster-1/iomesh-cluster-1';

function names(to: string, meant: string | undefined, fix: 'unsafe' | 'shown' = 'unsafe'): LintCase {
  return {
    name: `reports a reference to ${to}`,
    edit: { [CLASS]: [[CLUSTER, `iomeshCluster: ${to}`]] },
    expect: [
      {
        code: 'IOM504',
        at: to,
        path: 'parameters.iomeshCluster',
        severity: 'error',
        says: [
          `IOMeshCluster "${to}"`,
          'does not exist',
          meant === undefined ? '' : `did you mean "${meant}"?`,
        ],
        help: [
          meant === undefined
            ? 'create the IOMeshCluster'
            : `set parameters.iomeshCluster to "${meant}"; an existing class`,
        ],
        ...(meant === undefined ? {} : { fix }),
      },
    ],
    fixed:
      meant && fix === 'unsafe' ? changed(`  iomeshCluster: ${to}`, `  iomeshCluster: ${meant}`) : undefined,
  };
}

export const lint: LintCase[] = [
  { name: 'accepts an existing cluster', expect: [] },
  names('iomesh-cluster-1/iomesh-clutser-1', 'iomesh-cluster-1/iomesh-cluster-1'),
  names('storage/iomesh-cluster-1', 'iomesh-cluster-1/iomesh-cluster-1'),
  // The other reference means another cluster: writing this one alone would be a new fault.
  names('iomesh/iomesh-system', 'iomesh-system/iomesh', 'shown'),
  names('storage/pool', undefined),
  {
    name: 'reports a missing cluster in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[CLUSTER, 'iomeshCluster: storage/pool']] },
    expect: [{ code: 'IOM504', at: 'storage/pool' }],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns of a class that is created before its cluster',
    create: storageClass('iomesh-cluster-2', {
      clusterConnection: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      iomeshCluster: 'storage/pool',
    }),
    warned: [{ code: 'IOM504', at: 'storage/pool' }],
  },
  {
    name: 'warns if an edit leaves the wrong reference as it was',
    edit: { [CLASS]: [[CLUSTER, 'iomeshCluster: storage/pool']] },
    update: { [CLASS]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
    warned: [{ code: 'IOM504', at: 'storage/pool' }],
  },
  {
    name: 'allows a class that names existing objects',
    create: storageClass('iomesh-cluster-1-xfs', {
      'csi.storage.k8s.io/fstype': 'xfs',
      clusterConnection: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1',
    }),
  },
];
