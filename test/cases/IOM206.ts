import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';

function copy(namespace: string, name: string): string {
  return `---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: ${namespace}}
data:
  clusterId: k8s-cluster
  iscsiPortal: 127.0.0.1:3260
  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100
`;
}

export const lint: readonly LintCase[] = [
  {
    name: 'a second ConfigMap of another namespace',
    add: copy('a', 'copy'),
    expect: [
      {
        code: 'IOM206',
        severity: 'warning',
        object: 'a/copy',
        path: 'data.metaAddr',
        at: 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
        says: [
          'a/copy',
          'iomesh-cluster-1/iomesh-cluster-1',
          'iomesh-cluster-1/iomesh-cluster-1-csi-configmap already does',
        ],
        help: ['keep one of the two'],
        related: ['iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100'],
      },
    ],
  },
  {
    name: 'three ConfigMaps are two findings',
    add: copy('a', 'copy') + copy('iomesh-cluster-1', 'zzz'),
    expect: [
      { code: 'IOM206', object: 'a/copy', says: ['iomesh-cluster-1-csi-configmap already does'] },
      {
        code: 'IOM206',
        object: 'iomesh-cluster-1/zzz',
        says: ['iomesh-cluster-1-csi-configmap already does'],
      },
    ],
  },
  {
    name: "a copy of the management cluster's whose address was not changed",
    edit: {
      [FOLLOWER]: [['iomesh-cluster-1-meta-client.iomesh-cluster-1.', 'iomesh-meta-client.iomesh-system.']],
    },
    expect: [
      {
        code: 'IOM206',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        help: [
          'if it belongs to iomesh-cluster-1/iomesh-cluster-1',
          '"iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100"',
        ],
      },
      { code: 'IOM505' },
    ],
  },
  {
    name: 'a malformed address is that first of all',
    add: copy('a', 'copy').replace(':10100', ''),
    expect: [{ code: 'IOM203', object: 'a/copy' }],
  },
  {
    name: 'two addresses of no cluster are that first of all',
    base: 'empty',
    add: copy('a', 'copy') + copy('b', 'copy'),
    expect: [{ code: 'IOM204' }, { code: 'IOM204' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'a second one is warned of',
    create: copy('a', 'copy'),
    warned: [{ code: 'IOM206', object: 'a/copy' }],
  },
  {
    name: 'so it is where the second comes first',
    drop: [FOLLOWER, 'StorageClass/iomesh-cluster-1'],
    add: copy('a', 'copy'),
    create: copy('iomesh-cluster-1', 'proper'),
    warned: [{ code: 'IOM206', object: 'a/copy', says: ['iomesh-cluster-1/proper already does'] }],
  },
  {
    name: 'deleting the first of three is no new fault of the others',
    drop: ['StorageClass/iomesh-cluster-1'],
    add: copy('a', 'copy') + copy('b', 'copy'),
    remove: FOLLOWER,
  },
  {
    name: 'an edit of something else says nothing',
    update: { [FOLLOWER]: [['\ndata:', '\nimmutable: true\ndata:']] },
  },
];
