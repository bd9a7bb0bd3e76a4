import type { LintCase } from './harness.ts';

export const lint: readonly LintCase[] = [
  {
    name: 'reports a line of three dots that cuts off the object',
    edit: {
      'StorageClass/iomesh-cluster-1': [
        ['volumeBindingMode: Immediate', 'volumeBindingMode: Immediate\n...'],
      ],
    },
    expect: [
      { code: 'IOM003', says: ['ignores'], help: ['...'], severity: 'error', fix: 'shown' },
      // Its parameters are gone.
      { code: 'IOM501', object: 'iomesh-cluster-1' },
    ],
  },
  {
    name: 'accepts the end of a document before a new one',
    edit: {
      'Namespace/iomesh-cluster-1': [['  name: iomesh-cluster-1\n', '  name: iomesh-cluster-1\n...\n']],
    },
    expect: [],
  },
];
