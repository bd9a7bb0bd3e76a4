import type { ChangeCase, LintCase } from './harness.ts';
import { managementClass, storageClass } from './objects.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const THIN = 'thinProvision: "true"';

function extra(parameter: string, help: string, fix?: 'unsafe'): LintCase {
  const [key] = parameter.split(': ');
  return {
    name: `reports the parameter ${parameter}`,
    edit: { [CLASS]: [[THIN, `${THIN}\n  ${parameter}`]] },
    expect: [
      {
        code: 'IOM510',
        at: key!,
        severity: 'warning',
        says: [`"${key}"`],
        help: [help],
        ...(fix === undefined ? {} : { fix }),
      },
    ],
    fixed: fix && `-  ${parameter}\n`,
  };
}

export const lint: LintCase[] = [
  {
    name: 'accepts the parameters of CHAP and of the CSI sidecars',
    edit: {
      [CLASS]: [
        [
          THIN,
          `${THIN}
  auth: "true"
  csi.storage.k8s.io/controller-publish-secret-name: chap
  csi.storage.k8s.io/controller-publish-secret-namespace: iomesh-system
  csi.storage.k8s.io/node-stage-secret-name: chap
  csi.storage.k8s.io/node-stage-secret-namespace: iomesh-system
  csi.storage.k8s.io/provisioner-secret-name: chap
  csi.storage.k8s.io/provisioner-secret-namespace: iomesh-system`,
        ],
      ],
    },
    expect: [],
  },
  {
    name: 'reports a misspelt parameter',
    edit: { [CLASS]: [['replicaFactor:', 'replicafactor:']] },
    expect: [
      {
        code: 'IOM510',
        at: 'replicafactor',
        says: ['"replicafactor" is not a parameter of com.iomesh.csi-driver; did you mean "replicaFactor"?'],
        help: ['rename it to "replicaFactor"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-  replicafactor: "2"
+  replicaFactor: "2"`,
  },
  extra('thinprovision: "false"', 'remove it; "thinProvision" is already set', 'unsafe'),
  extra('storageTier: gold', 'remove it; the driver accepts csi.storage.k8s.io/fstype, replicaFactor'),
  extra('volumeBindingMode: Immediate', 'move it to the top level, next to parameters'),
  extra('allowVolumeExpansions: "true"', 'allowVolumeExpansion is a field of the StorageClass'),
  extra('csi.storage.k8s.io/node-stage-secret: chap', 'remove it'),
  {
    name: 'proposes the prefix of the file system parameter',
    edit: { [CLASS]: [['csi.storage.k8s.io/fstype', 'fsType']] },
    expect: [
      { code: 'IOM510', at: 'fsType', help: ['rename it to "csi.storage.k8s.io/fstype"'], fix: 'unsafe' },
    ],
    fixed: `
-  fsType: ext4
+  csi.storage.k8s.io/fstype: ext4`,
  },
  {
    name: 'reports a parameter of 1.2 in 1.0',
    edit: { [CLASS]: [[THIN, `${THIN}\n  ec_k: "4"`]] },
    expect: [
      {
        code: 'IOM510',
        at: 'ec_k',
        says: ['requires IOMesh 1.2', 'the objects are of IOMesh 1.0'],
        help: ['iomeshVersion: "1.2"'],
      },
    ],
  },
  {
    name: 'accepts the parameters of 1.2 in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: {
      [CLASS]: [
        [
          THIN,
          `${THIN}\n  smartx.com/iops: "1000"\n  smartx.com/bps: "10485760"\n  protocol: nvmf\n  enableClusterTopology: "true"`,
        ],
      ],
    },
    expect: [],
  },
  {
    name: 'reports a misspelt reference if there is one cluster',
    drop: [
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'ConfigMap/iomesh-cluster-1-csi-configmap',
      CLASS,
    ],
    edit: { 'StorageClass/iomesh-default': [['iomeshCluster:', 'iomeshcluster:']] },
    expect: [{ code: 'IOM510', at: 'iomeshcluster', help: ['rename it to "iomeshCluster"'] }],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns of a new class with an unknown parameter',
    create: managementClass({ fstype: 'ext4' }),
    warned: [{ code: 'IOM510', at: 'fstype' }],
  },
  {
    name: 'ignores a class of another provisioner',
    create: storageClass('other', { type: 'gp3' }, 'ebs.csi.aws.com'),
  },
];
