import type { LintCase } from './harness.ts';
import { valuesWith } from './values.ts';

export const lint: readonly LintCase[] = [
  {
    name: 'accepts an empty podPolicy',
    values: valuesWith(['  redirector:\n', '  probe: {}\n  redirector:\n']).replace(
      /( {2}redirector:\n {4}podPolicy:)[\s\S]*?(?= {2}zookeeper:)/,
      '$1\n',
    ),
    config: { iomeshVersion: '1.2', rules: { IOM401: 'off' } },
    expect: [],
  },
  {
    name: 'reports an empty section once, and not each field that it would have',
    values: valuesWith(['\niomesh:\n', '\niomesh:\n  probe:\n']),
    expect: [
      {
        code: 'IOM804',
        at: 'probe',
        path: 'iomesh.probe',
        object: 'iomesh-system/iomesh',
        severity: 'error',
        says: ['"iomesh.probe" is empty', 'a template fails'],
        help: ['remove iomesh.probe'],
        fix: 'shown',
      },
    ],
  },
  {
    name: 'reports values in which all of the cluster is empty',
    base: 'empty',
    values: 'iomesh:\n',
    expect: [{ code: 'IOM804', at: 'iomesh', path: 'iomesh' }],
  },
];
