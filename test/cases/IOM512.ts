import type { LintCase } from './harness.ts';

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
      storage: 1Gi
`;
}

function missing(className: string, help: string, fix?: 'unsafe'): LintCase {
  return {
    name: `a PVC of ${className}`,
    add: claim(className),
    expect: [
      {
        code: 'IOM512',
        at: className,
        path: 'spec.storageClassName',
        object: 'shop/data',
        severity: 'error',
        says: [`no StorageClass "${className}"`],
        help: [help],
        ...(fix === undefined ? {} : { fix }),
      },
    ],
  };
}

function silent(name: string, className: string | undefined): LintCase {
  return { name, add: claim(className), expect: [] };
}

export const lint: LintCase[] = [
  silent('a class that is there', 'iomesh-cluster-1'),
  silent('no class', undefined),
  silent('the empty class', '""'),
  silent('a class of other storage', 'hostpath'),
  silent('another', 'gp2'),
  missing('iomesh-clutser-1', 'did you mean "iomesh-cluster-1"?', 'unsafe'),
  missing('iomesh-replicated-ssd', 'name one of "iomesh-cluster-1" and "iomesh-default"'),
  missing('iomesh', 'name one of'),
  missing('iomesh-csi-driver', 'name one of'),
  {
    name: 'from 1.1 on the default class is for use',
    config: { iomeshVersion: '1.2' },
    add: claim('iomesh-csi-driver'),
    expect: [],
  },
  {
    name: 'an application alone: its classes live elsewhere',
    base: 'empty',
    add: claim('iomesh-clutser-1'),
    expect: [],
  },
];
