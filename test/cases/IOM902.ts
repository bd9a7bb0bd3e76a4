import type { LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';
const waive = (text: string) =>
  ['metadata:\n', `metadata:\n  annotations:\n    iomesh-guard.io/waive: ${JSON.stringify(text)}\n`] as const;

export const lint: readonly LintCase[] = [
  {
    name: 'reports an unused waiver',
    edit: { [C1]: [waive('IOM405=as the vendor asked')] },
    expect: [
      {
        code: 'IOM902',
        at: '"IOM405=as the vendor asked"',
        says: ['IOM405 (pull-policy) is unused'],
        help: ['remove'],
        severity: 'warning',
      },
    ],
  },
  {
    name: 'accepts a used waiver',
    edit: {
      [C1]: [
        waive('IOM405=as the vendor asked'),
        ['        pullPolicy: IfNotPresent', '        pullPolicy: ifNotPresent'],
      ],
    },
    expect: [],
  },
  {
    name: 'ignores a waiver of a rule that checks only changes',
    edit: { [C1]: [waive('IOM403=upgrade planned, ticket 4711')] },
    expect: [],
  },
  {
    name: 'ignores a waiver of a rule that is off',
    config: { rules: { IOM405: 'off' } },
    edit: { [C1]: [waive('IOM405=as the vendor asked')] },
    expect: [],
  },
];
