import type { ChangeCase, LintCase } from './harness.ts';

const FOLLOWER = 'IOMeshCluster/iomesh-cluster-1';
const MODE = 'diskDeploymentMode: hybridFlash';
const DATA_STORE = `      dataStore:
        selector:
          matchLabels:
            iomesh.com/bd-deviceType: disk
            iomesh.com/bd-driverType: HDD
`;
const ONE_MORE = (type: string) => `${DATA_STORE}      ${type}:
        selector:
          matchLabels:
            iomesh.com/bd-serial: "1"
`;

export const lint: readonly LintCase[] = [
  {
    name: 'a misspelt mount type is one finding, though the right one is absent',
    edit: { [FOLLOWER]: [['cacheWithJournal', 'cacheWithJounral']] },
    expect: [
      {
        code: 'IOM302',
        severity: 'error',
        at: 'cacheWithJounral',
        path: 'deviceMap.cacheWithJounral',
        says: ['unknown mount type "cacheWithJounral"'],
        help: ['rename "cacheWithJounral" to "cacheWithJournal"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      cacheWithJounral:
+      cacheWithJournal:`,
  },
  {
    name: 'letter case counts',
    edit: { [FOLLOWER]: [['dataStore:', 'datastore:']] },
    expect: [{ code: 'IOM302', at: 'datastore', help: ['"dataStore"'], fix: 'unsafe' }],
    fixed: `
-      datastore:
+      dataStore:`,
  },
  {
    name: 'an unknown mount type beside all that is needed',
    edit: { [FOLLOWER]: [[DATA_STORE, ONE_MORE('fastDisks')]] },
    expect: [
      {
        code: 'IOM302',
        at: 'fastDisks',
        help: ['cacheWithJournal, dataStore, dataStoreWithJournal or rawCache'],
      },
    ],
  },
  {
    name: 'a misspelling beside the right one has nothing to be renamed to',
    edit: { [FOLLOWER]: [[DATA_STORE, ONE_MORE('dataStor')]] },
    expect: [{ code: 'IOM302', at: 'dataStor', help: ['did you mean "dataStore"?'] }],
  },
  {
    name: 'rawCache beside them is fine in hybridFlash',
    edit: { [FOLLOWER]: [[DATA_STORE, ONE_MORE('rawCache')]] },
    expect: [],
  },
  {
    name: 'hybridFlash lacks one that it needs',
    edit: { [FOLLOWER]: [[DATA_STORE, '']] },
    expect: [
      {
        code: 'IOM302',
        at: 'deviceMap',
        path: 'spec.chunk.deviceMap',
        says: ['diskDeploymentMode "hybridFlash"', 'needs dataStore, which is missing in deviceMap'],
        help: ['use cacheWithJournal and dataStore with "hybridFlash"'],
        related: ['hybridFlash'],
      },
    ],
  },
  {
    name: 'hybridFlash does not accept dataStoreWithJournal',
    edit: { [FOLLOWER]: [[DATA_STORE, ONE_MORE('dataStoreWithJournal')]] },
    expect: [
      {
        code: 'IOM302',
        at: 'dataStoreWithJournal',
        says: ['"hybridFlash"', 'does not accept dataStoreWithJournal'],
      },
    ],
  },
  {
    name: 'the map of one mode under the other is one finding, with both ways out',
    edit: { [FOLLOWER]: [[MODE, 'diskDeploymentMode: allFlash']] },
    expect: [
      {
        code: 'IOM302',
        at: 'cacheWithJournal',
        says: [
          '"allFlash"',
          'does not accept cacheWithJournal',
          'needs dataStoreWithJournal, which is missing in deviceMap',
        ],
        help: ['use dataStoreWithJournal with "allFlash", or set diskDeploymentMode to "hybridFlash"'],
        related: ['allFlash'],
      },
    ],
  },
  {
    name: 'allFlash may have dataStore besides',
    edit: {
      [FOLLOWER]: [
        [MODE, 'diskDeploymentMode: allFlash'],
        ['cacheWithJournal', 'dataStoreWithJournal'],
      ],
    },
    expect: [],
  },
  {
    name: 'allFlash takes no rawCache',
    edit: {
      [FOLLOWER]: [
        [MODE, 'diskDeploymentMode: allFlash'],
        ['cacheWithJournal', 'dataStoreWithJournal'],
        ['dataStore:', 'rawCache:'],
      ],
    },
    expect: [{ code: 'IOM302', at: 'rawCache', says: ['does not accept rawCache'] }],
  },
  {
    name: 'without a mode it is hybridFlash',
    edit: {
      [FOLLOWER]: [
        [`  ${MODE}\n`, ''],
        [DATA_STORE, ''],
      ],
    },
    expect: [{ code: 'IOM302', says: ['"hybridFlash"', '(the default)', 'needs dataStore'], related: [] }],
  },
  {
    name: 'a mode that is none is reported as that',
    edit: { [FOLLOWER]: [[MODE, 'diskDeploymentMode: allflash']] },
    expect: [{ code: 'IOM005', at: 'allflash' }],
  },
  {
    name: 'an empty deviceMap has simply no disks yet',
    edit: {
      [FOLLOWER]: [
        [DATA_STORE, ''],
        [
          `    deviceMap:
      cacheWithJournal:
        selector:
          matchLabels:
            iomesh.com/bd-deviceType: disk
            iomesh.com/bd-driverType: SSD
`,
          '    deviceMap: {}\n',
        ],
      ],
    },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'a misspelt mount type is denied',
    update: { [FOLLOWER]: [['cacheWithJournal', 'cacheWithJounral']] },
    denied: [{ code: 'IOM302', says: ['"cacheWithJounral"'] }],
  },
  {
    name: 'another mode under the same map is denied',
    update: { [FOLLOWER]: [[MODE, 'diskDeploymentMode: allFlash']] },
    denied: [{ code: 'IOM302' }],
    config: { rules: { IOM605: 'off' } },
  },
  {
    name: 'what stood before is warned of',
    edit: { [FOLLOWER]: [[DATA_STORE, '']] },
    update: {
      [FOLLOWER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM302' }],
  },
  {
    name: 'mending one of two is allowed',
    edit: {
      [FOLLOWER]: [
        [MODE, 'diskDeploymentMode: allFlash'],
        ['dataStore:', 'rawCache:'],
      ],
    },
    update: { [FOLLOWER]: [['cacheWithJournal', 'dataStoreWithJournal']] },
    warned: [{ code: 'IOM302', says: ['does not accept rawCache'] }],
  },
];
