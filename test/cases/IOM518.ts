import { changed, type LintCase } from './harness.ts';

const NEW = { iomeshVersion: '1.2' } as const;

function claim(size: string, className = 'iomesh-cluster-1', more = ''): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
spec:
  storageClassName: ${className}
${more}  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: ${size}
`;
}

function wrong(size: string, next: string, className?: string): LintCase {
  return {
    name: `warns of ${size}${className === undefined ? '' : ` of class ${className}`}`,
    config: NEW,
    add: claim(size, className),
    expect: [
      {
        code: 'IOM518',
        at: size,
        path: 'spec.resources.requests.storage',
        object: 'shop/data',
        severity: 'warning',
        says: [`the size of the PVC is "${size}"`, 'a multiple of 2Gi'],
        help: [`set spec.resources.requests.storage to "${next}"`],
        fix: 'unsafe',
      },
    ],
    fixed: changed(`      storage: ${size}`, `      storage: ${next}`),
  };
}

function silent(name: string, add: string, more: Partial<LintCase> = {}): LintCase {
  return { name, config: NEW, add, expect: [], ...more };
}

export const lint: LintCase[] = [
  wrong('1Gi', '2Gi'),
  wrong('3Gi', '4Gi'),
  wrong('2G', '2Gi'),
  wrong('2500Mi', '4Gi'),
  wrong('1Gi', '2Gi', 'iomesh-csi-driver'),
  silent('accepts 2Gi', claim('2Gi')),
  silent('accepts 1Ti', claim('1Ti')),
  silent('accepts 4096Mi', claim('4096Mi')),
  silent('accepts any size in older versions', claim('1Gi'), { config: { iomeshVersion: '1.1' } }),
  silent('ignores other storage', claim('1Gi', 'hostpath')),
  silent('ignores a PVC that has its volume', claim('1Gi', 'iomesh-cluster-1', '  volumeName: pvc-1\n')),
];
