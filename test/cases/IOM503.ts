import { type ChangeCase, changed, type LintCase } from './harness.ts';

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
    add: `apiVersion: v1
kind: ConfigMap
metadata:
  name: kube-root-ca.crt
  namespace: storage
data:
  ca.crt: none
`,
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
    name: 'warns of a class that is created before its ConfigMap',
    drop: [CLASS],
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: iomesh-cluster-1
provisioner: com.iomesh.csi-driver
parameters:
  clusterConnection: iomesh-cluster-1/connection
  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1
`,
    warned: [{ code: 'IOM503', at: 'iomesh-cluster-1/connection' }],
  },
  {
    name: 'allows the creation of the ConfigMap',
    edit: { [CLASS]: [[CONNECTION, 'iomesh-cluster-1/connection']] },
    drop: ['ConfigMap/iomesh-cluster-1-csi-configmap'],
    create: `apiVersion: v1
kind: ConfigMap
metadata:
  name: connection
  namespace: iomesh-cluster-1
data:
  clusterId: k8s-cluster
  iscsiPortal: 127.0.0.1:3260
  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100
`,
  },
  {
    name: 'leaves the deletion of a ConfigMap to IOM602',
    remove: 'ConfigMap/iomesh-cluster-1-csi-configmap',
    denied: [{ code: 'IOM602' }],
  },
];
