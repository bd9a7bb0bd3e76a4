import type { ChangeCase, LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const KEY = 'csi.storage.k8s.io/fstype';

function known(value: string): LintCase {
  return { name: `${value} is known`, edit: { [CLASS]: [['fstype: ext4', `fstype: ${value}`]] }, expect: [] };
}

function unknown(value: string, help: string): LintCase {
  return {
    name: `${value} is not`,
    edit: { [CLASS]: [['fstype: ext4', `fstype: ${value}`]] },
    expect: [
      {
        code: 'IOM506',
        at: value,
        path: `parameters["${KEY}"]`,
        severity: 'error',
        says: ['ext4, ext3, ext2 or xfs'],
        help: [help, 'deleted and created anew'],
        fix: 'unsafe',
      },
    ],
  };
}

export const lint: LintCase[] = [
  known('ext2'),
  known('ext3'),
  known('xfs'),
  { name: 'none is ext4', edit: { [CLASS]: [[`\n  ${KEY}: ext4`, '']] }, expect: [] },
  unknown('ex4', 'did you mean "ext4"?'),
  unknown('EXT4', 'did you mean "ext4"?'),
  unknown('btrfs', 'by default "ext4"'),
];

export const change: ChangeCase[] = [
  {
    name: 'denied when it comes',
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast
provisioner: com.iomesh.csi-driver
parameters:
  csi.storage.k8s.io/fstype: ex4
  clusterConnection: iomesh-system/iomesh-csi-configmap
  iomeshCluster: iomesh-system/iomesh
`,
    denied: [{ code: 'IOM506', at: 'ex4' }],
  },
  {
    name: "another driver's file systems are its own affair",
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: other
provisioner: ebs.csi.aws.com
parameters:
  csi.storage.k8s.io/fstype: btrfs
`,
  },
];
