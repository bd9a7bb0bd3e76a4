import type { LintCase } from './harness.ts';

export const lint: readonly LintCase[] = [
  {
    name: 'reports a key that occurs twice in one mapping',
    edit: {
      'IOMeshCluster/iomesh-cluster-1': [
        [
          '    dataCIDR: 10.234.2.0/24\n    image:\n      repository: iomesh/zbs-chunkd',
          '    dataCIDR: 10.9.9.0/24\n    dataCIDR: 10.234.2.0/24\n    image:\n      repository: iomesh/zbs-chunkd',
        ],
      ],
    },
    expect: [
      {
        code: 'IOM002',
        at: 'dataCIDR',
        says: ['dataCIDR', 'twice'],
        related: ['dataCIDR'],
        severity: 'error',
        fix: 'shown',
      },
    ],
  },
  {
    name: 'reports each of two repeated keys',
    edit: {
      'Namespace/iomesh-cluster-1': [
        ['apiVersion: v1', 'apiVersion: v1\napiVersion: v1'],
        ['  name: iomesh-cluster-1', '  name: other\n  name: iomesh-cluster-1'],
      ],
    },
    expect: [
      { code: 'IOM002', at: 'apiVersion' },
      { code: 'IOM002', at: 'name' },
    ],
  },
  {
    name: 'accepts one key in two mappings',
    edit: { 'Namespace/iomesh-cluster-1': [['metadata:', 'metadata:\n  labels: {name: a}']] },
    expect: [],
  },
];
