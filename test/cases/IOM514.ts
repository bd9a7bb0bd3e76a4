import { changed, type LintCase } from './harness.ts';

function claim(name: string, className: string, spec = ''): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}
  namespace: app
spec:
${spec}  storageClassName: ${className}
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 2Gi
`;
}

const CLONE = '  dataSource: {kind: PersistentVolumeClaim, name: source}\n';
const RESTORE = '  dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: nightly}\n';
const SNAPSHOT = `apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata:
  name: nightly
  namespace: app
spec:
  volumeSnapshotClassName: iomesh-csi-driver
  source:
    persistentVolumeClaimName: source
`;
const SOURCE = claim('source', 'iomesh-default');
const files = (...documents: readonly string[]) => documents.join('---\n');
const FIXED = changed('  storageClassName: iomesh-cluster-1', '  storageClassName: iomesh-default');

function silent(name: string, add: string, more: Partial<LintCase> = {}): LintCase {
  return { name, add, expect: [], ...more };
}

export const lint: LintCase[] = [
  {
    name: 'reports a clone whose class is of another cluster',
    add: files(SOURCE, claim('copy', 'iomesh-cluster-1', CLONE)),
    expect: [
      {
        code: 'IOM514',
        at: 'iomesh-cluster-1',
        path: 'spec.storageClassName',
        object: 'app/copy',
        severity: 'error',
        says: [
          'PVC app/source is cloned from IOMesh cluster "iomesh-system/iomesh" (StorageClass "iomesh-default")',
          'to IOMesh cluster "iomesh-cluster-1/iomesh-cluster-1"',
        ],
        help: ['set spec.storageClassName to "iomesh-default"', 'without data source'],
        related: ['source', 'iomesh-default'],
        fix: 'unsafe',
      },
    ],
    fixed: FIXED,
  },
  {
    name: 'reports a clone by dataSourceRef',
    add: files(
      SOURCE,
      claim(
        'copy',
        'iomesh-cluster-1',
        '  dataSourceRef: {apiGroup: "", kind: PersistentVolumeClaim, name: source}\n',
      ),
    ),
    expect: [{ code: 'IOM514', object: 'app/copy' }],
  },
  {
    name: 'reports the restore of a snapshot in another cluster',
    add: files(SOURCE, SNAPSHOT, claim('copy', 'iomesh-cluster-1', RESTORE)),
    expect: [
      {
        code: 'IOM514',
        object: 'app/copy',
        says: ['snapshot app/nightly of PVC app/source is restored'],
        related: ['nightly', 'source', 'iomesh-default'],
      },
    ],
    fixed: FIXED,
  },
  {
    name: 'knows that the class of the chart is of the management cluster',
    config: { iomeshVersion: '1.2' },
    add: files(claim('source', 'iomesh-csi-driver'), claim('copy', 'iomesh-cluster-1', CLONE)),
    expect: [{ code: 'IOM514', says: ['from IOMesh cluster "iomesh-system/iomesh"'] }],
  },
  silent(
    'accepts another class of the same cluster',
    files(claim('source', 'iomesh-csi-driver'), claim('copy', 'iomesh-default', CLONE)),
    { config: { iomeshVersion: '1.2' } },
  ),
  silent('accepts a clone in the same class', files(SOURCE, claim('copy', 'iomesh-default', CLONE))),
  silent(
    'accepts a restore in the same class',
    files(SOURCE, SNAPSHOT, claim('copy', 'iomesh-default', RESTORE)),
  ),
  silent('ignores an unknown source', claim('copy', 'iomesh-cluster-1', CLONE)),
  silent('ignores an unknown snapshot', claim('copy', 'iomesh-cluster-1', RESTORE)),
  silent(
    'ignores a source of other storage',
    files(claim('source', 'gp2'), claim('copy', 'iomesh-cluster-1', CLONE)),
  ),
  silent(
    'ignores a PVC of the same name in another namespace',
    files(SOURCE.replace('namespace: app', 'namespace: other'), claim('copy', 'iomesh-cluster-1', CLONE)),
  ),
  silent(
    'ignores a PVC that has its volume',
    files(SOURCE, claim('copy', 'iomesh-cluster-1', `${CLONE}  volumeName: pvc-1\n`)),
  ),
];
