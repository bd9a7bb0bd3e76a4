import { type ChangeCase, changed, type LintCase } from './harness.ts';
import { managementClass, storageClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const KEY = 'csi.storage.k8s.io/fstype';

function known(value: string): LintCase {
  return { name: `accepts ${value}`, edit: { [CLASS]: [['fstype: ext4', `fstype: ${value}`]] }, expect: [] };
}

function unknown(value: string, help: string): LintCase {
  return {
    name: `reports ${value}`,
    edit: { [CLASS]: [['fstype: ext4', `fstype: ${value}`]] },
    expect: [
      {
        code: 'IOM506',
        at: value,
        path: `parameters["${KEY}"]`,
        severity: 'error',
        says: [`${KEY} is "${value}"`, '"ext4", "ext3", "ext2" or "xfs"'],
        help: [help, 'deleted and created again'],
        fix: 'unsafe',
      },
    ],
    fixed: changed(`  ${KEY}: ${value}`, `  ${KEY}: ext4`),
  };
}

export const lint: LintCase[] = [
  known('ext2'),
  known('ext3'),
  known('xfs'),
  { name: 'accepts a missing parameter', edit: { [CLASS]: [[`\n  ${KEY}: ext4`, '']] }, expect: [] },
  unknown('ex4', `set parameters["${KEY}"] to "ext4"`),
  unknown('EXT4', `set parameters["${KEY}"] to "ext4"`),
  unknown('btrfs', 'to "ext4" (the default), "ext3", "ext2" or "xfs"'),
];

export const change: ChangeCase[] = [
  {
    name: 'denies a new class with an unknown file system',
    create: managementClass({ 'csi.storage.k8s.io/fstype': 'ex4' }),
    denied: [{ code: 'IOM506', at: 'ex4' }],
  },
  {
    name: 'ignores a class of another provisioner',
    create: storageClass('other', { 'csi.storage.k8s.io/fstype': 'btrfs' }, 'ebs.csi.aws.com'),
  },
];
