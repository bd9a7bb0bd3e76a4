import type { LintCase } from './harness.ts';

export const lint: readonly LintCase[] = [
  {
    name: 'a line of three full stops cuts the object off',
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
    name: 'the end of a document, and a new one',
    edit: {
      'Namespace/iomesh-cluster-1': [['  name: iomesh-cluster-1\n', '  name: iomesh-cluster-1\n...\n']],
    },
    expect: [],
  },
];
