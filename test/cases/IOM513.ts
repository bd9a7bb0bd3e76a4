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
  {
    name: 'accepts the mode of a PVC that has its volume',
    add: claim('ReadWriteMany', '  volumeName: pvc-1\n'),
    expect: [],
  },
  { name: 'accepts ReadWriteOncePod', add: claim('ReadWriteOncePod'), expect: [] },
  {
    name: 'accepts ReadWriteMany with volumeMode Block',
    add: claim('ReadWriteMany', '  volumeMode: Block\n'),
    expect: [],
  },
  { name: 'ignores a class of another provisioner', add: claim('ReadWriteMany', '', 'nfs'), expect: [] },
  {
    name: 'reports ReadWriteMany with the default volumeMode',
    add: claim('ReadWriteMany'),
    expect: [
      {
        code: 'IOM513',
        at: 'ReadWriteMany',
        path: 'spec.accessModes[1]',
        object: 'shop/data',
        severity: 'error',
        says: ['"ReadWriteMany" requires volumeMode "Block"', '"Filesystem" (the default)'],
        help: ['set spec.volumeMode to "Block"'],
        related: ['iomesh-cluster-1'],
      },
    ],
  },
  {
    name: 'reports ReadOnlyMany with volumeMode Filesystem',
    add: claim('ReadOnlyMany', '  volumeMode: Filesystem\n'),
    expect: [
      {
        code: 'IOM513',
        at: 'ReadOnlyMany',
        says: ['"ReadOnlyMany"', 'volumeMode is "Filesystem"'],
        related: ['Filesystem', 'iomesh-cluster-1'],
      },
    ],
  },
];
