import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';

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
    name: 'renames a misspelled mount type and does not report it as missing',
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
    name: 'renames a mount type in the wrong letter case',
    edit: { [FOLLOWER]: [['dataStore:', 'datastore:']] },
    expect: [{ code: 'IOM302', at: 'datastore', help: ['"dataStore"'], fix: 'unsafe' }],
    fixed: `
-      datastore:
+      dataStore:`,
  },
  {
    name: 'reports an unknown mount type next to all that are needed',
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
    name: 'offers no fix if the right mount type is already set',
    edit: { [FOLLOWER]: [[DATA_STORE, ONE_MORE('dataStor')]] },
    expect: [{ code: 'IOM302', at: 'dataStor', help: ['did you mean "dataStore"?'] }],
  },
  {
    name: 'accepts rawCache in hybridFlash',
    edit: { [FOLLOWER]: [[DATA_STORE, ONE_MORE('rawCache')]] },
    expect: [],
  },
  {
    name: 'reports a missing mount type of hybridFlash',
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
    name: 'reports dataStoreWithJournal in hybridFlash',
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
    name: 'reports the map of another mode once, with both ways to fix it',
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
    name: 'accepts dataStore in allFlash',
    edit: {
      [FOLLOWER]: [
        [MODE, 'diskDeploymentMode: allFlash'],
        ['cacheWithJournal', 'dataStoreWithJournal'],
      ],
    },
    expect: [],
  },
  {
    name: 'reports rawCache in allFlash',
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
    name: 'uses hybridFlash if no mode is set',
    edit: {
      [FOLLOWER]: [
        [`  ${MODE}\n`, ''],
        [DATA_STORE, ''],
      ],
    },
    expect: [{ code: 'IOM302', says: ['"hybridFlash"', '(the default)', 'needs dataStore'], related: [] }],
  },
  {
    name: 'reports an unknown mode as IOM005',
    edit: { [FOLLOWER]: [[MODE, 'diskDeploymentMode: allflash']] },
    expect: [{ code: 'IOM005', at: 'allflash' }],
  },
  {
    name: 'accepts an empty deviceMap',
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
    name: 'denies a misspelled mount type',
    update: { [FOLLOWER]: [['cacheWithJournal', 'cacheWithJounral']] },
    denied: [{ code: 'IOM302', says: ['"cacheWithJounral"'] }],
  },
  {
    name: 'denies another mode for the same map',
    update: { [FOLLOWER]: [[MODE, 'diskDeploymentMode: allFlash']] },
    denied: [{ code: 'IOM302' }],
    config: { rules: { IOM605: 'off' } },
  },
  {
    name: 'says that the apiserver sets the mode of an all-flash cluster that names none',
    drop: [FOLLOWER],
    create: baseDocuments()
      .get(FOLLOWER)!
      .replace('cacheWithJournal:', 'dataStoreWithJournal:')
      .replace(DATA_STORE, ''),
    denied: [
      {
        code: 'IOM302',
        says: ['diskDeploymentMode "hybridFlash"', '(which the apiserver sets if the field is missing)'],
        help: ['set diskDeploymentMode to "allFlash"'],
      },
    ],
  },
  {
    name: 'warns if an edit leaves the map as it was',
    edit: { [FOLLOWER]: [[DATA_STORE, '']] },
    update: {
      [FOLLOWER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM302' }],
  },
  {
    name: 'warns of the second error if the first is fixed',
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
