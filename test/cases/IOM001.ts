import type { ChangeCase, LintCase } from './harness.ts';

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: iomesh-cluster-2
`;

export const lint: readonly LintCase[] = [
  { name: 'documents that can be read', add: NAMESPACE, expect: [] },
  {
    name: 'the outdent of the guide: `- key:` left of matchExpressions',
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
    name: 'a tab as indentation',
    edit: { 'Namespace/iomesh-cluster-1': [['  name: iomesh-cluster-1', '\tname: iomesh-cluster-1']] },
    expect: [{ code: 'IOM001', severity: 'error', help: ['spaces'], fix: 'shown' }],
  },
  {
    name: 'two documents at fault are two findings, and the rest is judged',
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
    name: 'the apiserver receives objects, not text: nothing to say',
    edit: { 'Namespace/iomesh-cluster-1': [['  name: iomesh-cluster-1', '\tname: iomesh-cluster-1']] },
    update: { 'ConfigMap/iomesh-cluster-1-csi-configmap': [['\ndata:', '\nimmutable: false\ndata:']] },
  },
];
