import { type ChangeCase, changed, type LintCase } from './harness.ts';
import { connectionMap, storageClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const CONNECTION = 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
const CLUSTER = 'iomeshCluster: iomesh-cluster-1/iomesh-cluster-1';

function written(name: string, from: string, to: string, says: string, meant?: string): LintCase {
  const path = from.startsWith('iomeshCluster') ? 'parameters.iomeshCluster' : 'parameters.clusterConnection';
  const at = to.replace('iomeshCluster: ', '');
  return {
    name,
    edit: { [CLASS]: [[from, to]] },
    expect: [
      {
        code: 'IOM502',
        at,
        path,
        severity: 'error',
        says: [says],
        help: [`set ${path} to "${meant ?? '<namespace>/<'}`],
        ...(meant === undefined ? {} : { fix: 'unsafe' }),
      },
    ],
    fixed: meant && changed(`  ${path.slice(11)}: ${at}`, `  ${path.slice(11)}: ${meant}`),
  };
}

export const lint: LintCase[] = [
  { name: 'accepts namespace and name', expect: [] },
  written(
    'reports a missing namespace of the ConfigMap',
    CONNECTION,
    'iomesh-cluster-1-csi-configmap',
    'the namespace is missing',
    CONNECTION,
  ),
  written(
    'reports a missing namespace of the cluster',
    CLUSTER,
    'iomeshCluster: iomesh-cluster-1',
    'iomeshCluster is "iomesh-cluster-1", but must be <namespace>/<name>: the namespace is missing',
    'iomesh-cluster-1/iomesh-cluster-1',
  ),
  written(
    'reports too many slashes',
    CONNECTION,
    'configmaps/iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
    'more than one slash',
    CONNECTION,
  ),
  written(
    'reports a space',
    CONNECTION,
    'iomesh-cluster-1/ iomesh-cluster-1-csi-configmap',
    'a space',
    CONNECTION,
  ),
  written(
    'reports capital letters',
    CONNECTION,
    'iomesh-cluster-1/iomesh-cluster-1-CSI-configmap',
    'capital letters',
    CONNECTION,
  ),
  written('reports an empty reference', CONNECTION, '""', 'it is empty'),
  written('offers no fix if no object matches', CONNECTION, 'somewhere', 'the namespace is missing'),
  {
    name: 'offers no fix if two objects have the name',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-cluster-1-csi-configmap']] },
    add: connectionMap('elsewhere/iomesh-cluster-1-csi-configmap', 'iomesh-cluster-1/iomesh-cluster-1'),
    expect: [
      { code: 'IOM502', at: 'iomesh-cluster-1-csi-configmap', help: ['"<namespace>/<ConfigMap>"'] },
      { code: 'IOM206' },
    ],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a new class with a wrong reference',
    create: storageClass('fast', {
      clusterConnection: 'iomesh-csi-configmap',
      iomeshCluster: 'iomesh-system/iomesh',
    }),
    denied: [{ code: 'IOM502', at: 'iomesh-csi-configmap', help: ['"iomesh-system/iomesh-csi-configmap"'] }],
  },
  {
    name: 'allows a new class with correct references',
    create: storageClass('fast', {
      clusterConnection: 'iomesh-system/iomesh-csi-configmap',
      iomeshCluster: 'iomesh-system/iomesh',
    }),
  },
];
