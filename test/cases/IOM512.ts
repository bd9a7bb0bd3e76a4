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
      storage: 1Gi
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

function silent(name: string, className: string | undefined): LintCase {
  return { name, add: claim(className), expect: [] };
}

export const lint: LintCase[] = [
  silent('accepts an existing class', 'iomesh-cluster-1'),
  silent('accepts a PVC without a class', undefined),
  silent('accepts an empty class', '""'),
  silent('ignores the class hostpath', 'hostpath'),
  silent('ignores the class gp2', 'gp2'),
  missing('iomesh-clutser-1', 'set spec.storageClassName to "iomesh-cluster-1"', 'unsafe'),
  missing(
    'iomesh-replicated-ssd',
    'set spec.storageClassName to one of the IOMesh classes "iomesh-cluster-1" and "iomesh-default"',
  ),
  missing('iomesh', 'one of the IOMesh classes'),
  missing('iomesh-csi-driver', 'one of the IOMesh classes'),
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
