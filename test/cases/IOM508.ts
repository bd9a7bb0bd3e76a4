import { type ChangeCase, changed, type LintCase } from './harness.ts';
import { managementClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';

function wrong(value: string, help: string, right: boolean): LintCase {
  return {
    name: `reports thinProvision ${value}`,
    edit: { [CLASS]: [['thinProvision: "true"', `thinProvision: ${value}`]] },
    expect: [
      {
        code: 'IOM508',
        at: value,
        path: 'parameters.thinProvision',
        severity: 'error',
        says: ['"true" or "false"'],
        help: [help],
        fix: 'unsafe',
      },
    ],
    fixed: changed(`  thinProvision: ${value}`, `  thinProvision: "${right}"`),
  };
}

export const lint: LintCase[] = [
  {
    name: 'accepts "false"',
    edit: { [CLASS]: [['thinProvision: "true"', 'thinProvision: "false"']] },
    expect: [],
  },
  { name: 'accepts a missing parameter', edit: { [CLASS]: [['\n  thinProvision: "true"', '']] }, expect: [] },
  wrong('"True"', 'set parameters.thinProvision to "true"', true),
  wrong('"FALSE"', 'set parameters.thinProvision to "false"', false),
  wrong('"no"', 'set parameters.thinProvision to "false"', false),
  wrong('"1"', 'set parameters.thinProvision to "true"', true),
  wrong('"flse"', 'set parameters.thinProvision to "false"', false),
  wrong('"maybe"', 'to "true" (the default) or "false"', true),
];

export const change: ChangeCase[] = [
  {
    name: 'denies a new class with a wrong value',
    create: managementClass({ thinProvision: '"yes"' }),
    denied: [{ code: 'IOM508', at: '"yes"' }],
  },
  {
    name: 'warns if an edit leaves the wrong value as it was',
    edit: { [CLASS]: [['thinProvision: "true"', 'thinProvision: "yes"']] },
    update: { [CLASS]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
    warned: [{ code: 'IOM508', at: '"yes"' }],
  },
];
