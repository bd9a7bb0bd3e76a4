import type { ChangeCase, Edits, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const SSD = 'iomesh.com/bd-driverType: SSD';
const HDD = 'iomesh.com/bd-driverType: HDD';

/** The deviceMap of the pool with two selectors in flow style. */
function selectors(cache: string, data: string): Edits {
  return {
    [CLUSTER]: [
      [
        `        selector:
          matchLabels:
            iomesh.com/bd-deviceType: disk
            ${SSD}
`,
        `        ${cache}\n`,
      ],
      [
        `        selector:
          matchLabels:
            iomesh.com/bd-deviceType: disk
            ${HDD}
`,
        `        ${data}\n`,
      ],
    ],
  };
}
const labels = (text: string) => `selector: {matchLabels: {${text}}}`;
const expressions = (text: string) => `selector: {matchExpressions: [${text}]}`;
const DISK = labels('iomesh.com/bd-deviceType: disk');

export const lint: readonly LintCase[] = [
  { name: 'accepts two types of disks', expect: [] },
  {
    name: 'reports two equal selectors',
    edit: selectors(DISK, DISK),
    expect: [
      {
        code: 'IOM306',
        severity: 'error',
        at: 'selector',
        path: 'spec.chunk.deviceMap.dataStore.selector',
        says: ['"cacheWithJournal" and "dataStore"', 'iomesh-cluster-1/iomesh-cluster-1', 'the same disks'],
        help: ['iomesh.com/bd-driverType'],
        related: ['selector'],
      },
    ],
  },
  {
    name: 'reports a selector within another',
    edit: selectors(labels(`iomesh.com/bd-deviceType: disk, ${SSD}`), DISK),
    expect: [{ code: 'IOM306' }],
  },
  {
    name: 'reports lists with a common value',
    edit: selectors(
      expressions('{key: iomesh.com/bd-driverType, operator: In, values: [SSD, HDD]}'),
      labels(HDD),
    ),
    expect: [{ code: 'IOM306' }],
  },
  {
    name: 'accepts a value that the other selector rules out',
    edit: selectors(
      labels(SSD),
      expressions('{key: iomesh.com/bd-driverType, operator: NotIn, values: [SSD]}'),
    ),
    expect: [],
  },
  {
    name: 'accepts labels of different names',
    edit: selectors(labels('example.com/use: cache'), labels(HDD)),
    expect: [],
  },
  {
    name: 'accepts a mount type that excludes disks',
    edit: selectors(DISK, `${DISK}\n        exclude: [blockdevice-1]`),
    expect: [],
  },
  {
    name: 'reports a block device that two mount types include',
    config: { iomeshVersion: '1.2' },
    edit: selectors('include: [blockdevice-1, blockdevice-2]', 'include: [blockdevice-3, blockdevice-1]'),
    expect: [
      {
        code: 'IOM306',
        at: 'blockdevice-1',
        path: 'spec.chunk.deviceMap.dataStore.include[1]',
        says: ['"cacheWithJournal" and "dataStore"', '"blockdevice-1"'],
        related: ['blockdevice-1'],
      },
    ],
  },
  {
    name: 'leaves an empty selector to IOM303',
    edit: selectors(DISK, 'selector: {}'),
    expect: [{ code: 'IOM303' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a selector that selects the disks of the other mount type',
    update: selectors(DISK, DISK),
    denied: [{ code: 'IOM306' }],
  },
  {
    name: 'warns if an edit leaves the selectors as they were',
    edit: selectors(DISK, DISK),
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM306' }],
  },
];
