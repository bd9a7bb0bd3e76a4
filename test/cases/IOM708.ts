import type { ChangeCase, Edit, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const address = (value: string): Edit => ['  redirector:\n', `  redirector:\n    iscsiVirtualIP: ${value}\n`];
const SHARED = { [MANAGEMENT]: [address('10.234.9.9')], [CLUSTER]: [address('10.234.9.9')] };

export const lint: readonly LintCase[] = [
  {
    name: 'reports an address of two clusters once, on the pool',
    edit: SHARED,
    expect: [
      {
        code: 'IOM708',
        severity: 'error',
        at: '10.234.9.9',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        path: 'spec.redirector.iscsiVirtualIP',
        says: ['"10.234.9.9"', 'as that of iomesh-system/iomesh'],
        help: ['the Service iomesh-access in namespace iomesh-cluster-1'],
        related: ['10.234.9.9'],
      },
    ],
  },
  {
    name: 'reports two spellings of one address',
    edit: { [MANAGEMENT]: [address('fd00::9')], [CLUSTER]: [address('FD00:0::9')] },
    expect: [{ code: 'IOM708' }],
  },
  ...[
    ['not-an-ip', 'is not an IP address'],
    ['10.234.9.9/24', 'is a network, not an address'],
    ['10.234.9.300', 'has "300"'],
    ['10.234.09.1', 'leading zero'],
  ].map(
    ([value, says]): LintCase => ({
      name: `reports ${value}`,
      edit: { [CLUSTER]: [address(value!)] },
      expect: [{ code: 'IOM708', at: value!, says: [says!], help: ['or remove it'] }],
    }),
  ),
  {
    name: 'accepts an address of its own for each cluster',
    edit: { [MANAGEMENT]: [address('10.234.9.9')], [CLUSTER]: [address('10.234.9.10')] },
    expect: [],
  },
  {
    name: 'accepts an empty value in all clusters, as the chart writes it',
    edit: { [MANAGEMENT]: [address('""')], [CLUSTER]: [address('""')] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies the address of another cluster',
    edit: { [MANAGEMENT]: [address('10.234.9.9')] },
    update: { [CLUSTER]: [address('10.234.9.9')] },
    denied: [{ code: 'IOM708' }],
  },
  {
    name: 'denies the address of a pool on the management cluster',
    edit: { [CLUSTER]: [address('10.234.9.9')] },
    update: { [MANAGEMENT]: [address('10.234.9.9')] },
    denied: [
      {
        code: 'IOM708',
        object: 'iomesh-system/iomesh',
        says: ['iscsiVirtualIP of iomesh-system/iomesh', 'as that of iomesh-cluster-1/iomesh-cluster-1'],
        help: ['in namespace iomesh-system'],
      },
    ],
  },
  {
    name: 'still tells the pool to change if an edit of the management cluster leaves the address as it was',
    edit: SHARED,
    update: { [MANAGEMENT]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [
      { code: 'IOM708', object: 'iomesh-cluster-1/iomesh-cluster-1', help: ['namespace iomesh-cluster-1'] },
    ],
  },
  {
    name: 'warns if an edit leaves the address as it was',
    edit: SHARED,
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM708' }],
  },
];
