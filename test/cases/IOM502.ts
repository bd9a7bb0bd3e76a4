import type { ChangeCase, LintCase } from './harness.ts';

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
        help: [meant === undefined ? '<namespace>/<' : `write "${meant}"`],
        ...(meant === undefined ? {} : { fix: 'unsafe' }),
      },
    ],
  };
}

export const lint: LintCase[] = [
  { name: 'namespace and name', expect: [] },
  written(
    'no namespace',
    CONNECTION,
    'iomesh-cluster-1-csi-configmap',
    'the namespace is missing',
    CONNECTION,
  ),
  written(
    'no namespace, of the cluster',
    CLUSTER,
    'iomeshCluster: iomesh-cluster-1',
    'iomeshCluster is "iomesh-cluster-1", not <namespace>/<name>: the namespace is missing',
    'iomesh-cluster-1/iomesh-cluster-1',
  ),
  written(
    'too many slashes',
    CONNECTION,
    'configmaps/iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
    'more than one slash',
    CONNECTION,
  ),
  written('a blank', CONNECTION, 'iomesh-cluster-1/ iomesh-cluster-1-csi-configmap', 'a blank', CONNECTION),
  written(
    'capital letters',
    CONNECTION,
    'iomesh-cluster-1/iomesh-cluster-1-CSI-configmap',
    'capital letters',
    CONNECTION,
  ),
  written('empty', CONNECTION, '""', 'it is empty'),
  written('nothing fits', CONNECTION, 'somewhere', 'the namespace is missing'),
  {
    name: 'two objects of that name: none is proposed',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-cluster-1-csi-configmap']] },
    add: `apiVersion: v1
kind: ConfigMap
metadata:
  name: iomesh-cluster-1-csi-configmap
  namespace: elsewhere
data:
  clusterId: k8s-cluster
  iscsiPortal: 127.0.0.1:3260
  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100
`,
    expect: [
      { code: 'IOM502', at: 'iomesh-cluster-1-csi-configmap', help: ['"<namespace>/<ConfigMap>"'] },
      { code: 'IOM206' },
    ],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denied when it comes',
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast
provisioner: com.iomesh.csi-driver
parameters:
  clusterConnection: iomesh-csi-configmap
  iomeshCluster: iomesh-system/iomesh
`,
    denied: [{ code: 'IOM502', at: 'iomesh-csi-configmap', help: ['"iomesh-system/iomesh-csi-configmap"'] }],
  },
  {
    name: 'the same, right',
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast
provisioner: com.iomesh.csi-driver
parameters:
  clusterConnection: iomesh-system/iomesh-csi-configmap
  iomeshCluster: iomesh-system/iomesh
`,
  },
];
