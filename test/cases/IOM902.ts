import type { LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';
const waive = (text: string) =>
  ['metadata:\n', `metadata:\n  annotations:\n    iomesh-guard.io/waive: ${JSON.stringify(text)}\n`] as const;

export const lint: readonly LintCase[] = [
  {
    name: 'nothing to waive',
    edit: { [C1]: [waive('IOM405=as the vendor asked')] },
    expect: [
      {
        code: 'IOM902',
        at: '"IOM405=as the vendor asked"',
        says: ['IOM405 pull-policy', 'waives nothing'],
        help: ['remove'],
        severity: 'warning',
      },
    ],
  },
  {
    name: 'of use',
    edit: {
      [C1]: [
        waive('IOM405=as the vendor asked'),
        ['        pullPolicy: IfNotPresent', '        pullPolicy: ifNotPresent'],
      ],
    },
    expect: [],
  },
  {
    name: 'a rule that judges changes only cannot be of use here',
    edit: { [C1]: [waive('IOM403=upgrade planned, ticket 4711')] },
    expect: [],
  },
  {
    name: 'a rule that is switched off was not asked',
    config: { rules: { IOM405: 'off' } },
    edit: { [C1]: [waive('IOM405=as the vendor asked')] },
    expect: [],
  },
];
