import type { LintCase } from './harness.ts';

function claim(mode: string, rest = '', className = 'iomesh-cluster-1'): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
spec:
  storageClassName: ${className}
  accessModes:
    - ReadWriteOnce
    - ${mode}
${rest}  resources:
    requests:
      storage: 1Gi
`;
}

export const lint: LintCase[] = [
  { name: 'one node at a time', add: claim('ReadWriteOncePod'), expect: [] },
  { name: 'shared blocks', add: claim('ReadWriteMany', '  volumeMode: Block\n'), expect: [] },
  { name: 'other storage', add: claim('ReadWriteMany', '', 'nfs'), expect: [] },
  {
    name: 'a shared file system, by default',
    add: claim('ReadWriteMany'),
    expect: [
      {
        code: 'IOM513',
        at: 'ReadWriteMany',
        path: 'spec.accessModes[1]',
        object: 'shop/data',
        severity: 'error',
        says: ['"ReadWriteMany" needs volumeMode Block', 'Filesystem, the default'],
        help: ['volumeMode: Block'],
        related: ['iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'a shared file system, said so',
    add: claim('ReadOnlyMany', '  volumeMode: Filesystem\n'),
    expect: [
      {
        code: 'IOM513',
        at: 'ReadOnlyMany',
        says: ['"ReadOnlyMany"', 'volumeMode is Filesystem'],
        related: ['Filesystem', 'iomesh-cluster-1'],
      },
    ],
  },
];
