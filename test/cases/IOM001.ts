import type { ChangeCase, LintCase } from './harness.ts';

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: iomesh-cluster-2
`;

export const lint: readonly LintCase[] = [
  { name: 'accepts documents that can be parsed', add: NAMESPACE, expect: [] },
  {
    name: 'reports `- key:` indented less than matchExpressions, as in the guide',
    edit: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        [
          `            - matchExpressions:
                - key: kubernetes.io/hostname
                  operator: In`,
          `            - matchExpressions:
          - key: kubernetes.io/hostname
            operator: In`,
        ],
      ],
    },
    // What depends on the unread ZookeeperCluster is not reported again.
    expect: [{ code: 'IOM001', help: ['`- key:`', '`matchExpressions:`', 'indent'], fix: 'shown' }],
  },
  {
    name: 'reports a tab as indentation',
    edit: { 'Namespace/iomesh-cluster-1': [['  name: iomesh-cluster-1', '\tname: iomesh-cluster-1']] },
    expect: [{ code: 'IOM001', severity: 'error', help: ['spaces'], fix: 'shown' }],
  },
  {
    name: 'reports each of two broken documents and checks the others',
    edit: {
      'Namespace/iomesh-cluster-1': [['  name: iomesh-cluster-1', '  name: "iomesh-cluster-1']],
      'StorageClass/iomesh-cluster-1': [['reclaimPolicy: Delete', 'reclaimPolicy: delete']],
      'Namespace/iomesh-system': [['  name: iomesh-system', '  name: [iomesh-system']],
    },
    expect: [{ code: 'IOM001' }, { code: 'IOM001' }, { code: 'IOM005', at: 'delete' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'reports nothing at admission, where objects arrive parsed',
    edit: { 'Namespace/iomesh-cluster-1': [['  name: iomesh-cluster-1', '\tname: iomesh-cluster-1']] },
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [['\ndata:', '\nimmutable: false\ndata:']] },
  },
];
