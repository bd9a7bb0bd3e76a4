import { type ChangeCase, changed, type LintCase } from './harness.ts';
import { managementClass, storageClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const TWO = 'replicaFactor: "2"';

function wrong(value: string, wanted: string, says = value): LintCase {
  return {
    name: `reports replicaFactor ${value}`,
    edit: { [CLASS]: [[TWO, `replicaFactor: ${value}`]] },
    expect: [
      {
        code: 'IOM507',
        at: value,
        path: 'parameters.replicaFactor',
        severity: 'error',
        says: [says, '"2" or "3"'],
        help: [`set parameters.replicaFactor to "${wanted}"`],
        fix: 'unsafe',
      },
    ],
    fixed: changed(`  replicaFactor: ${value}`, `  replicaFactor: "${wanted}"`),
  };
}

export const lint: LintCase[] = [
  { name: 'accepts three replicas', edit: { [CLASS]: [[TWO, 'replicaFactor: "3"']] }, expect: [] },
  { name: 'accepts a missing parameter', edit: { [CLASS]: [[`\n  ${TWO}`, '']] }, expect: [] },
  wrong('"1"', '2', 'IOMesh 0.10 and older'),
  wrong('"0"', '2'),
  wrong('"5"', '3'),
  wrong('two', '2', '"two"'),
  {
    name: 'warns of replicaFactor next to erasure coding',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[TWO, `${TWO}\n  ec_k: "4"\n  ec_m: "2"`]] },
    expect: [
      {
        code: 'IOM507',
        at: 'replicaFactor',
        severity: 'warning',
        says: ['"2" has no effect because ec_k and ec_m enable erasure coding'],
        help: ['remove replicaFactor'],
        related: ['"4"', '"2"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'accepts erasure coding without replicaFactor',
    config: { iomeshVersion: '1.2' },
    edit: { [CLASS]: [[TWO, 'ec_k: "4"\n  ec_m: "2"']] },
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a new class with a wrong replicaFactor',
    create: managementClass({ replicaFactor: '"1"' }),
    denied: [{ code: 'IOM507', at: '"1"' }],
  },
  {
    name: 'warns of a new class with replicaFactor next to erasure coding',
    config: { iomeshVersion: '1.2' },
    create: storageClass('fast', {
      replicaFactor: '"2"',
      ec_k: '"4"',
      ec_m: '"2"',
      iomeshCluster: 'iomesh-system/iomesh',
    }),
    warned: [{ code: 'IOM507', at: 'replicaFactor' }],
  },
];
