import type { LintCase } from './harness.ts';
import { VALUES, valuesWith } from './values.ts';

const edition = (value: string) => valuesWith(['edition: enterprise', `edition: ${value}`]);
const platform = (value: string) =>
  valuesWith(['  edition: enterprise\n', `  edition: enterprise\n  platform: ${value}\n`]);

export const lint: readonly LintCase[] = [
  { name: 'accepts the enterprise edition', values: VALUES, expect: [] },
  {
    name: 'reports an edition with a capital letter',
    values: edition('Enterprise'),
    expect: [
      {
        code: 'IOM803',
        at: 'Enterprise',
        path: 'iomesh.edition',
        object: 'iomesh-system/iomesh',
        severity: 'error',
        says: ['"Enterprise"', '"community" or "enterprise"'],
        help: ['set iomesh.edition to "enterprise"'],
        fix: 'unsafe',
      },
      { code: 'IOM401', severity: 'error' },
    ],
  },
  {
    name: 'reports an edition that resembles none, without a fix',
    values: edition('gold'),
    expect: [{ code: 'IOM803', at: 'gold', help: ['or remove it'] }, { code: 'IOM401' }],
  },
  {
    name: 'reports the short name of the Hygon platform',
    values: platform('hygon'),
    expect: [
      {
        code: 'IOM803',
        at: 'hygon',
        path: 'iomesh.platform',
        says: ['the chart ignores any other value'],
        help: ['"hygon_x86_64"'],
        fix: 'shown',
      },
    ],
  },
  { name: 'accepts an empty platform', values: platform('""'), expect: [] },
];
