import { changed, type LintCase, type ChangeCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const DRIVER = 'com.iomesh.csi-driver';

function storageClass(provisioner: string, parameters: string, name = 'storage'): string {
  return `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: ${name}
provisioner: ${provisioner}
parameters: {${parameters}}
`;
}

const PLAIN = 'csi.storage.k8s.io/fstype: ext4, replicaFactor: "2", thinProvision: "true"';

function misspelt(provisioner: string): LintCase {
  return {
    name: `reports the provisioner ${provisioner}`,
    edit: { [CLASS]: [[DRIVER, provisioner]] },
    expect: [
      {
        code: 'IOM515',
        at: provisioner,
        path: 'provisioner',
        object: 'iomesh-cluster-1',
        severity: 'error',
        says: [`provisioner is "${provisioner}"`, `did you mean "${DRIVER}"?`],
        help: [
          `set provisioner to "${DRIVER}"`,
          'deleted and created again',
          'csi-driver.driver.nameOverride',
        ],
        fix: 'unsafe',
      },
    ],
    fixed: changed(`provisioner: ${provisioner}`, `provisioner: ${DRIVER}`),
  };
}

function silent(name: string, text: string): LintCase {
  return { name, add: text, expect: [] };
}

export const lint: LintCase[] = [
  { name: 'accepts the name of the driver', expect: [] },
  misspelt('com.iomesh.csi-drvier'),
  misspelt('csi-driver.iomesh.com'),
  misspelt('iomesh.com/csi-driver'),
  misspelt('iomesh-csi-driver'),
  misspelt('com.iomsh.csi-driver'),
  {
    name: 'reports a misspelt provisioner of a class without references',
    base: 'empty',
    add: storageClass('com.iomesh.csi-drive', 'csi.storage.k8s.io/fstype: ext4'),
    expect: [{ code: 'IOM515', severity: 'error' }],
  },
  {
    name: 'reports a placeholder in a class with parameters of IOMesh',
    base: 'empty',
    add: storageClass('<driver.name>', PLAIN),
    expect: [
      {
        code: 'IOM515',
        at: '<driver.name>',
        severity: 'error',
        says: ['the placeholder "<driver.name>"'],
        help: [`set provisioner to "${DRIVER}"`],
        fix: 'unsafe',
      },
    ],
    fixed: changed('provisioner: <driver.name>', `provisioner: ${DRIVER}`),
  },
  {
    name: 'leaves a placeholder in a class with references to IOM007',
    edit: { [CLASS]: [[DRIVER, '<provisioner>']] },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'warns of references in a class of a provisioner of any other name',
    edit: { [CLASS]: [[DRIVER, 'storage.example.com']] },
    expect: [
      {
        code: 'IOM515',
        severity: 'warning',
        says: ['parameters of IOMesh', '"storage.example.com"'],
        help: ['set provisioner: storage.example.com in the configuration'],
      },
    ],
  },
  {
    name: 'accepts such a class if the configuration has the name',
    config: { provisioner: 'storage.example.com' },
    edit: {
      [CLASS]: [[DRIVER, 'storage.example.com']],
      'StorageClass/iomesh-default': [[DRIVER, 'storage.example.com']],
    },
    expect: [],
  },
  {
    name: 'reports the default name if the configuration has another one',
    config: { provisioner: 'storage.example.com' },
    edit: { 'StorageClass/iomesh-default': [[DRIVER, 'storage.example.com']] },
    expect: [
      { code: 'IOM515', object: 'iomesh-cluster-1', severity: 'error', says: ['is "storage.example.com"'] },
    ],
  },
  {
    name: 'warns of the class of the chart under another provisioner',
    base: 'empty',
    add: storageClass('storage.example.com', PLAIN, 'iomesh-csi-driver'),
    expect: [{ code: 'IOM515', severity: 'warning' }],
  },
  silent(
    'ignores the local PV manager of IOMesh',
    storageClass('com.iomesh.iomesh-localpv-manager', 'volumeType: device', 'iomesh-localpv-manager-device'),
  ),
  silent('ignores another driver of the vendor', storageClass('com.smartx.csi-driver', PLAIN)),
  silent('ignores an older driver of the vendor', storageClass('com.iomesh.zbs-csi-driver', PLAIN, 'zbs')),
  silent(
    'ignores a placeholder in a class of other storage',
    storageClass('<your-provisioner>', 'type: gp3'),
  ),
  silent('ignores other drivers', storageClass('disk.csi.azure.com', 'skuName: x')),
  {
    name: 'ignores a driver whose name resembles a configured one',
    config: { provisioner: 'disk.csi.example.com' },
    base: 'empty',
    add: storageClass('disk2.csi.example.com', 'type: fast'),
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns of a misspelt provisioner',
    create: storageClass(
      'com.iomesh.csi-drvier',
      `${PLAIN}, iomeshCluster: iomesh-cluster-1/iomesh-cluster-1`,
    ),
    warned: [{ code: 'IOM515', help: [`set provisioner to "${DRIVER}"`] }],
  },
];
