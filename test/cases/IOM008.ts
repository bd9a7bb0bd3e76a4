import type { ChangeCase, LintCase } from './harness.ts';

const CONNECTION = `apiVersion: v1
kind: ConfigMap
metadata:
  name: iomesh-cluster-1-csi-configmap
  namespace: iomesh-cluster-1
data:
  clusterId: another
`;

export const lint: readonly LintCase[] = [
  {
    name: 'one name twice: the first is judged, both places are shown',
    add: CONNECTION,
    expect: [
      {
        code: 'IOM008',
        at: 'iomesh-cluster-1-csi-configmap',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        says: ['ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
        related: ['iomesh-cluster-1-csi-configmap'],
        severity: 'error',
      },
    ],
  },
  {
    name: 'three times are two findings',
    add: `${CONNECTION}---\n${CONNECTION}`,
    expect: [{ code: 'IOM008' }, { code: 'IOM008' }],
  },
  {
    name: 'one name in two namespaces',
    add: CONNECTION.replace('namespace: iomesh-cluster-1', 'namespace: elsewhere').replace(
      '  clusterId: another\n',
      '  other: text\n',
    ),
    expect: [],
  },
  {
    name: 'a Namespace that is repeated word for word',
    add: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: iomesh-cluster-1\n',
    expect: [],
  },
  {
    name: 'a Namespace that says something else the second time',
    add: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: iomesh-cluster-1\n  labels: {a: b}\n',
    expect: [{ code: 'IOM008', related: ['iomesh-cluster-1'] }],
  },
];

export const change: readonly ChangeCase[] = [];
