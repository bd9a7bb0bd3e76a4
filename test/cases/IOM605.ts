import type { ChangeCase, Expected, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const CIDR = 'dataCIDR: 10.234.2.0/24';

const CACHE = entry('cacheWithJournal', 'SSD');
const STORE = entry('dataStore', 'HDD');
const RAW_CACHE = entry('rawCache', 'NVME');
const DEVICE_MAP = `    deviceMap:\n${CACHE}${STORE}`;
const VENDOR = `      cacheWithJournal:\n        selector: {matchLabels: {iomesh.com/bd-vendor: acme}}\n`;
const DISKS: Expected = {
  code: 'IOM605',
  severity: 'warning',
  says: ['disks in use keep their layout'],
  help: ['set spec.chunk.deviceMap back; to take a failed disk out, add it to exclude'],
};

function entry(type: string, driver: string): string {
  return `      ${type}:\n        selector:\n          matchLabels:\n            iomesh.com/bd-deviceType: disk\n            iomesh.com/bd-driverType: ${driver}\n`;
}

function listing(type: string, disk: string): string {
  return `      ${type}: {include: [${disk}]}\n`;
}

function vendors(names: string): string {
  return `          matchExpressions: [{key: iomesh.com/bd-vendor, operator: In, values: [${names}]}]\n`;
}

const changed = (path: string, from: string, to: string): Expected => ({
  code: 'IOM605',
  at: to.replaceAll('"', ''),
  path,
  severity: 'warning',
  says: [`${path} of iomesh-cluster-1/iomesh-cluster-1 changes from "${from}" to "${to}"`],
  help: [`set ${path} back to "${from}"`],
});

export const lint: readonly LintCase[] = [
  {
    name: 'ignores files',
    edit: { [CLUSTER]: [['storageClass: hostpath', 'storageClass: other']] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns if storageClass changes',
    update: { [CLUSTER]: [['storageClass: hostpath', 'storageClass: local']] },
    warned: [changed('spec.storageClass', 'hostpath', 'local')],
  },
  {
    name: 'warns if diskDeploymentMode changes',
    update: {
      [CLUSTER]: [
        ['hybridFlash', 'allFlash'],
        ['cacheWithJournal', 'dataStoreWithJournal'],
      ],
    },
    warned: [changed('spec.diskDeploymentMode', 'hybridFlash', 'allFlash')],
  },
  {
    name: 'allows the removal of a diskDeploymentMode that equals the default',
    update: { [CLUSTER]: [['  diskDeploymentMode: hybridFlash\n', '']] },
  },
  {
    name: 'warns of each dataCIDR',
    update: { [CLUSTER]: [[CIDR, 'dataCIDR: 10.234.3.0/24', 2]] },
    warned: [
      changed('spec.chunk.dataCIDR', '10.234.2.0/24', '10.234.3.0/24'),
      changed('spec.redirector.dataCIDR', '10.234.2.0/24', '10.234.3.0/24'),
    ],
  },
  {
    name: 'warns if portOffset is added with another value',
    update: { [CLUSTER]: [['  storageClass: hostpath\n', '  storageClass: hostpath\n  portOffset: 10\n']] },
    warned: [changed('spec.portOffset', '-1', '10')],
  },
  {
    name: 'allows a portOffset that equals the default',
    update: { [CLUSTER]: [['  storageClass: hostpath\n', '  storageClass: hostpath\n  portOffset: -1\n']] },
  },
  {
    name: 'warns if the deviceMap is removed',
    update: { [CLUSTER]: [[DEVICE_MAP, '']] },
    warned: [{ ...DISKS, path: 'spec.chunk.deviceMap', says: ['spec.chunk.deviceMap of', 'is removed'] }],
  },
  {
    name: 'warns if a mount type is removed that the mode does not need',
    edit: { [CLUSTER]: [[STORE, `${STORE}${RAW_CACHE}`]] },
    update: { [CLUSTER]: [[RAW_CACHE, '']] },
    config: { rules: { IOM306: 'off' } },
    warned: [{ ...DISKS, says: ['spec.chunk.deviceMap.rawCache of', 'is removed'] }],
  },
  {
    name: 'warns if two mount types swap their selectors',
    update: {
      [CLUSTER]: [
        ['bd-driverType: SSD', 'bd-driverType: ZZZ'],
        ['bd-driverType: HDD', 'bd-driverType: SSD'],
        ['bd-driverType: ZZZ', 'bd-driverType: HDD'],
      ],
    },
    warned: [{ ...DISKS, says: ['spec.chunk.deviceMap.cacheWithJournal of', 'uses other disks'] }],
  },
  {
    name: 'warns if two mount types swap selectors by different labels',
    edit: { [CLUSTER]: [[CACHE, VENDOR]] },
    config: { rules: { IOM306: 'off' } },
    update: {
      [CLUSTER]: [
        [VENDOR, CACHE.replace('SSD', 'HDD')],
        [
          CACHE.replace('cacheWithJournal', 'dataStore').replace('SSD', 'HDD'),
          VENDOR.replace('cacheWithJournal', 'dataStore'),
        ],
      ],
    },
    warned: [DISKS],
  },
  {
    name: 'warns if two mount types swap the disks that they list',
    config: { iomeshVersion: '1.2', rules: { IOM307: 'off' } },
    edit: {
      [CLUSTER]: [
        [CACHE, listing('cacheWithJournal', 'a')],
        [STORE, listing('dataStore', 'b')],
      ],
    },
    update: {
      [CLUSTER]: [
        [listing('cacheWithJournal', 'a'), listing('cacheWithJournal', 'b')],
        [listing('dataStore', 'b'), listing('dataStore', 'a')],
      ],
    },
    warned: [DISKS],
  },
  {
    name: 'allows to exclude a failed disk, and to add disks of another vendor',
    edit: {
      [CLUSTER]: [
        [
          '            iomesh.com/bd-driverType: HDD\n',
          `            iomesh.com/bd-driverType: HDD\n${vendors('a')}`,
        ],
      ],
    },
    update: { [CLUSTER]: [[vendors('a'), `${vendors('a, b')}        exclude: [blockdevice-1]\n`]] },
  },
  {
    name: 'allows a value in place of a placeholder',
    edit: { [CLUSTER]: [[CIDR, 'dataCIDR: <your-data-cidr-here>', 2]] },
    update: { [CLUSTER]: [['dataCIDR: <your-data-cidr-here>', CIDR, 2]] },
  },
  {
    name: 'ignores a cluster that is being deleted',
    edit: {
      [CLUSTER]: [
        [
          '  name: iomesh-cluster-1\n',
          '  name: iomesh-cluster-1\n  deletionTimestamp: "2026-11-23T10:00:00Z"\n',
        ],
      ],
    },
    update: { [CLUSTER]: [['storageClass: hostpath', 'storageClass: local']] },
  },
];
