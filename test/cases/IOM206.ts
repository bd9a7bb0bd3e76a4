import type { ChangeCase, LintCase } from './harness.ts';
import { connectionMap } from './objects.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';

function copy(namespace: string, name: string): string {
  return `---\n${connectionMap(`${namespace}/${name}`, 'iomesh-cluster-1/iomesh-cluster-1')}`;
}

export const lint: readonly LintCase[] = [
  {
    name: 'reports a second ConfigMap in another namespace',
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
    name: 'reports two of three ConfigMaps',
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
    name: 'proposes the right address for a copy of the management ConfigMap',
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
    name: 'reports an invalid address as IOM203',
    add: copy('a', 'copy').replace(':10100', ''),
    expect: [{ code: 'IOM203', object: 'a/copy' }],
  },
  {
    name: 'reports two addresses of a missing cluster as IOM204',
    base: 'empty',
    add: copy('a', 'copy') + copy('b', 'copy'),
    expect: [{ code: 'IOM204' }, { code: 'IOM204' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of a second ConfigMap',
    create: copy('a', 'copy'),
    warned: [{ code: 'IOM206', object: 'a/copy' }],
  },
  {
    name: 'warns of the previous ConfigMap if the new one is the primary',
    drop: [FOLLOWER, 'StorageClass/iomesh-cluster-1'],
    add: copy('a', 'copy'),
    create: copy('iomesh-cluster-1', 'proper'),
    warned: [{ code: 'IOM206', object: 'a/copy', says: ['iomesh-cluster-1/proper already does'] }],
  },
  {
    name: 'reports nothing if the first of three is deleted',
    drop: ['StorageClass/iomesh-cluster-1'],
    add: copy('a', 'copy') + copy('b', 'copy'),
    remove: FOLLOWER,
  },
  {
    name: 'reports nothing if an edit leaves the address as it was',
    update: { [FOLLOWER]: [['\ndata:', '\nimmutable: true\ndata:']] },
  },
];
