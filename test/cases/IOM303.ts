import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'IOMeshCluster/iomesh-cluster-1';
const HDD = `        selector:
          matchLabels:
            iomesh.com/bd-deviceType: disk
            iomesh.com/bd-driverType: HDD
`;

export const lint: readonly LintCase[] = [
  {
    name: 'reports an entry that only excludes disks',
    edit: { [FOLLOWER]: [[HDD, '        exclude: [blockdevice-1]\n']] },
    expect: [
      {
        code: 'IOM303',
        severity: 'warning',
        at: 'dataStore',
        path: 'deviceMap.dataStore.selector',
        says: ['"dataStore"', 'only excludes disks'],
        help: ['add a selector'],
      },
    ],
  },
  {
    name: 'reports an empty entry',
    edit: { [FOLLOWER]: [[`      dataStore:\n${HDD}`, '      dataStore: {}\n']] },
    expect: [{ code: 'IOM303', at: 'dataStore', says: ['has no selector'] }],
  },
  {
    name: 'reports an empty selector',
    edit: { [FOLLOWER]: [[HDD, '        selector: {}\n']] },
    expect: [{ code: 'IOM303', at: 'selector', says: ['empty', 'every disk'] }],
  },
  {
    name: 'reports a selector with empty parts',
    edit: { [FOLLOWER]: [[HDD, '        selector: {matchLabels: {}, matchExpressions: []}\n']] },
    expect: [{ code: 'IOM303', at: 'selector', says: ['empty'] }],
  },
  {
    name: 'reports a disk name in matchLabels',
    edit: { [FOLLOWER]: [['iomesh.com/bd-driverType: HDD', 'iomesh.com/bd-devicePath: dev.sdb']] },
    expect: [
      {
        code: 'IOM303',
        at: 'iomesh.com/bd-devicePath',
        path: 'matchLabels["iomesh.com/bd-devicePath"]',
        says: ['"dev.sdb"', 'after a reboot'],
        help: ['iomesh.com/bd-serial'],
      },
    ],
  },
  {
    name: 'reports disk names in matchExpressions',
    edit: {
      [FOLLOWER]: [
        [
          HDD,
          `        selector:
          matchExpressions:
            - key: iomesh.com/bd-driverType
              operator: In
              values: [HDD]
            - key: iomesh.com/bd-devicePath
              operator: In
              values: [dev.sdb, dev.sdc]
`,
        ],
      ],
    },
    expect: [
      {
        code: 'IOM303',
        at: 'iomesh.com/bd-devicePath',
        path: 'matchExpressions[1].key',
        says: ['"dev.sdb"'],
      },
    ],
  },
  {
    name: 'accepts a serial number',
    edit: { [FOLLOWER]: [['iomesh.com/bd-driverType: HDD', 'iomesh.com/bd-serial: "24da000347e1e4a9"']] },
    expect: [],
  },
  {
    name: 'accepts include in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: { [FOLLOWER]: [[HDD, '        include: [blockdevice-1]\n']] },
    expect: [],
  },
  {
    name: 'reports include in 1.0 as IOM004',
    edit: { [FOLLOWER]: [[HDD, '        include: [blockdevice-1]\n']] },
    expect: [{ code: 'IOM004', at: 'include' }],
  },
  {
    name: 'reports the misspelled Values of the guide as IOM004',
    edit: {
      [FOLLOWER]: [
        [
          HDD,
          `        selector:
          matchExpressions:
            - key: iomesh.com/bd-driverType
              operator: In
              Values: [HDD]
`,
        ],
      ],
    },
    expect: [{ code: 'IOM004', at: 'Values' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns of a disk name',
    update: { [FOLLOWER]: [['iomesh.com/bd-driverType: HDD', 'iomesh.com/bd-devicePath: dev.sdb']] },
    warned: [{ code: 'IOM303' }],
  },
  {
    name: 'allows another label',
    update: { [FOLLOWER]: [['iomesh.com/bd-driverType: HDD', 'iomesh.com/bd-vendor: ATA']] },
  },
];
