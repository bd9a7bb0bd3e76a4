import { changed, type LintCase } from './harness.ts';

function claim(className: string | undefined): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
spec:
  accessModes:
    - ReadWriteOnce
${className === undefined ? '' : `  storageClassName: ${className}\n`}  resources:
    requests:
      storage: 2Gi
`;
}

function missing(className: string, help: string, fix?: 'unsafe'): LintCase {
  return {
    name: `reports a PVC of class ${className}`,
    add: claim(className),
    expect: [
      {
        code: 'IOM512',
        at: className,
        path: 'spec.storageClassName',
        object: 'shop/data',
        severity: 'error',
        says: [`StorageClass "${className}" does not exist`],
        help: [help],
        ...(fix === undefined ? {} : { fix }),
      },
    ],
    fixed: fix && changed(`  storageClassName: ${className}`, '  storageClassName: iomesh-cluster-1'),
  };
}

function silent(name: string, className: string | undefined, more = ''): LintCase {
  const text = claim(className);
  return {
    name,
    add: more.startsWith('  ') ? text.replace('  resources:', `${more}  resources:`) : text + more,
    expect: [],
  };
}

const DEFAULT_CLASS = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: iomesh-csi-driver
provisioner: com.iomesh.csi-driver
parameters:
  csi.storage.k8s.io/fstype: ext4
  replicaFactor: "2"
  thinProvision: "true"
`;

function chartClass(name: string): LintCase {
  return {
    name,
    add: claim('iomesh-csi-driver'),
    expect: [
      {
        code: 'IOM512',
        at: 'iomesh-csi-driver',
        severity: 'error',
        says: ['always uses the management cluster', '2 IOMesh clusters'],
        help: [
          '"iomesh-cluster-1" for "iomesh-cluster-1/iomesh-cluster-1" and "iomesh-default" for "iomesh-system/iomesh"',
        ],
      },
    ],
  };
}

const OTHER_CLUSTER = `apiVersion: iomesh.com/v1alpha1
kind: IOMeshCluster
metadata: {name: iomesh-clusters-1, namespace: other}
spec: {}
`;

export const lint: LintCase[] = [
  silent('accepts an existing class', 'iomesh-cluster-1'),
  silent('accepts a PVC without a class', undefined),
  silent('accepts an empty class', '""'),
  silent('ignores the class hostpath', 'hostpath'),
  silent('ignores the class gp2', 'gp2'),
  missing('iomesh-clutser-1', 'set spec.storageClassName to "iomesh-cluster-1"', 'unsafe'),
  missing(
    'iomesh-replicated-ssd',
    'create StorageClass "iomesh-replicated-ssd", or use the class of the cluster that the PVC is meant for: "iomesh-cluster-1" for "iomesh-cluster-1/iomesh-cluster-1" and "iomesh-default" for "iomesh-system/iomesh"',
  ),
  missing('iomesh', 'create StorageClass "iomesh", or use the class of the cluster'),
  chartClass('reports the class of the chart, which the files do not contain'),
  {
    ...chartClass('reports the class of the chart'),
    add: `${claim('iomesh-csi-driver')}---\n${DEFAULT_CLASS}`,
    config: { rules: { IOM501: 'off' } },
  },
  {
    name: 'accepts the class of the chart if it names a cluster',
    add: `${claim('iomesh-csi-driver')}---
${DEFAULT_CLASS}  clusterConnection: iomesh-system/iomesh-csi-configmap
  iomeshCluster: iomesh-system/iomesh
`,
    expect: [],
  },
  {
    name: 'accepts the class of the chart if there is one cluster',
    drop: [
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'ConfigMap/iomesh-cluster-1-csi-configmap',
      'StorageClass/iomesh-cluster-1',
    ],
    add: claim('iomesh-csi-driver'),
    expect: [],
  },
  silent('accepts any class of a PVC that has a volume', 'iomesh-clutser-1', '  volumeName: pvc-1\n'),
  silent('accepts any class of a bound PVC', 'iomesh-csi-driver', 'status:\n  phase: Bound\n'),
  missing('iomesh-cluster-2', 'create StorageClass "iomesh-cluster-2", or use'),
  missing('iomesh-cluster-a', 'create StorageClass "iomesh-cluster-a", or use'),
  {
    ...missing('iomesh-clusters-1', 'create StorageClass "iomesh-clusters-1", or use'),
    name: 'proposes no class of another cluster if a cluster has the name',
    add: `${claim('iomesh-clusters-1')}---\n${OTHER_CLUSTER}`,
    config: {
      rules: { IOM006: 'off', IOM207: 'off', IOM301: 'off', IOM511: 'off', IOM701: 'off', IOM707: 'off' },
    },
  },
  {
    name: 'accepts the default class in 1.2',
    config: { iomeshVersion: '1.2' },
    add: claim('iomesh-csi-driver'),
    expect: [],
  },
  {
    name: 'reports nothing if the input has no IOMesh class',
    base: 'empty',
    add: claim('iomesh-clutser-1'),
    expect: [],
  },
];
