import { type ChangeCase, changed, type LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const LINE = '            iomesh.com/bd-driverType: SSD\n';

export const lint: readonly LintCase[] = [
  {
    name: 'renames a misspelled label',
    edit: { [CLUSTER]: [[LINE, LINE.replace('driverType', 'driveType')]] },
    expect: [
      {
        code: 'IOM307',
        severity: 'warning',
        at: 'iomesh.com/bd-driveType',
        says: ['"cacheWithJournal"', 'iomesh-cluster-1/iomesh-cluster-1', '"iomesh.com/bd-driveType"'],
        help: ['use iomesh.com/bd-driverType'],
        fix: 'unsafe',
      },
    ],
    fixed: changed(LINE.replace('driverType', 'driveType').trimEnd(), LINE.trimEnd()),
  },
  {
    name: 'lists the labels if none is similar',
    edit: { [CLUSTER]: [[LINE, '            iomesh.com/bd-rotational: "1"\n']] },
    expect: [
      {
        code: 'IOM307',
        at: 'iomesh.com/bd-rotational',
        help: ['iomesh.com/bd-devicePath', 'iomesh.com/bd-serial or iomesh.com/bd-vendor'],
      },
    ],
  },
  {
    name: 'renames a label in an expression',
    edit: {
      [CLUSTER]: [
        [
          LINE,
          `${LINE}          matchExpressions: [{key: iomesh.com/bd-Vendor, operator: In, values: [ATA]}]\n`,
        ],
      ],
    },
    expect: [{ code: 'IOM307', at: 'iomesh.com/bd-Vendor', path: 'key', fix: 'unsafe' }],
    fixed: changed(
      '          matchExpressions: [{key: iomesh.com/bd-Vendor, operator: In, values: [ATA]}]',
      '          matchExpressions: [{key: iomesh.com/bd-vendor, operator: In, values: [ATA]}]',
    ),
  },
  {
    name: 'ignores a label without the prefix of IOMesh',
    edit: { [CLUSTER]: [[LINE, '            example.com/bd-use: cache\n']] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of a misspelled label',
    update: { [CLUSTER]: [[LINE, LINE.replace('driverType', 'driveType')]] },
    warned: [{ code: 'IOM307' }],
  },
];
