import type { ChangeCase, Expected, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const CIDR = 'dataCIDR: 10.234.2.0/24';

const changed = (path: string, from: string, to: string): Expected => ({
  code: 'IOM605',
  at: to.replaceAll('"', ''),
  path,
  severity: 'warning',
  says: [`${path} of iomesh-cluster-1/iomesh-cluster-1 changes from "${from}" to "${to}"`],
  help: [`set ${path} back to "${from}"`],
});

export const lint: readonly LintCase[] = [
  {
    name: 'ignores files',
    edit: { [CLUSTER]: [['storageClass: hostpath', 'storageClass: other']] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns if storageClass changes',
    update: { [CLUSTER]: [['storageClass: hostpath', 'storageClass: local']] },
    warned: [changed('spec.storageClass', 'hostpath', 'local')],
  },
  {
    name: 'warns if diskDeploymentMode changes',
    update: {
      [CLUSTER]: [
        ['hybridFlash', 'allFlash'],
        ['cacheWithJournal', 'dataStoreWithJournal'],
      ],
    },
    warned: [changed('spec.diskDeploymentMode', 'hybridFlash', 'allFlash')],
  },
  {
    name: 'allows the removal of a diskDeploymentMode that equals the default',
    update: { [CLUSTER]: [['  diskDeploymentMode: hybridFlash\n', '']] },
  },
  {
    name: 'warns of each dataCIDR',
    update: { [CLUSTER]: [[CIDR, 'dataCIDR: 10.234.3.0/24', 2]] },
    warned: [
      changed('spec.chunk.dataCIDR', '10.234.2.0/24', '10.234.3.0/24'),
      changed('spec.redirector.dataCIDR', '10.234.2.0/24', '10.234.3.0/24'),
    ],
  },
  {
    name: 'warns if portOffset is added with another value',
    update: { [CLUSTER]: [['  storageClass: hostpath\n', '  storageClass: hostpath\n  portOffset: 10\n']] },
    warned: [changed('spec.portOffset', '-1', '10')],
  },
  {
    name: 'allows a portOffset that equals the default',
    update: { [CLUSTER]: [['  storageClass: hostpath\n', '  storageClass: hostpath\n  portOffset: -1\n']] },
  },
  {
    name: 'allows a value in place of a placeholder',
    edit: { [CLUSTER]: [[CIDR, 'dataCIDR: <your-data-cidr-here>', 2]] },
    update: { [CLUSTER]: [['dataCIDR: <your-data-cidr-here>', CIDR, 2]] },
  },
  {
    name: 'ignores a cluster that is being deleted',
    edit: {
      [CLUSTER]: [
        [
          '  name: iomesh-cluster-1\n',
          '  name: iomesh-cluster-1\n  deletionTimestamp: "2026-11-23T10:00:00Z"\n',
        ],
      ],
    },
    update: { [CLUSTER]: [['storageClass: hostpath', 'storageClass: local']] },
  },
];
