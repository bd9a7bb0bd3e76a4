import { clusterLike } from './clusters.ts';
import type { ChangeCase, Edit, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const SERIAL = '4b7c0c52-6a4e-4b39-8f0d-6f3d1f5a2c11';
const shows = (serial: string): Edit => ['spec:\n', `status:\n  license:\n    serial: ${serial}\nspec:\n`];

export const lint: readonly LintCase[] = [
  {
    name: 'one serial on two clusters, whatever the letter case',
    edit: { [MANAGEMENT]: [shows(SERIAL.toUpperCase())], [CLUSTER]: [shows(SERIAL)] },
    expect: [
      {
        code: 'IOM706',
        at: SERIAL,
        path: 'status.license.serial',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: [
          `iomesh-cluster-1/iomesh-cluster-1 and iomesh-system/iomesh show the same licence serial "${SERIAL}"`,
        ],
        help: ['apply for a licence of its own for iomesh-cluster-1/iomesh-cluster-1'],
        related: [SERIAL.toUpperCase()],
      },
    ],
  },
  {
    name: 'on three, two findings',
    edit: { [MANAGEMENT]: [shows(SERIAL)], [CLUSTER]: [shows(SERIAL)] },
    add: clusterLike('pool-b', 6).replace(
      'spec:\n  diskDeploymentMode',
      `status:\n  license: {serial: ${SERIAL}}\nspec:\n  diskDeploymentMode`,
    ),
    expect: [
      { code: 'IOM706', object: 'iomesh-cluster-1/iomesh-cluster-1' },
      { code: 'IOM706', object: 'pool-b/pool-b' },
    ],
  },
  {
    name: 'each its own',
    edit: { [MANAGEMENT]: [shows(SERIAL)], [CLUSTER]: [shows('90d0f5d8-53c1-4c38-9f7a-0f1f5f0c7a3e')] },
    expect: [],
  },
  { name: 'none yet', edit: { [MANAGEMENT]: [shows('""')], [CLUSTER]: [shows('""')] }, expect: [] },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'an admission does not judge it',
    edit: { [MANAGEMENT]: [shows(SERIAL)], [CLUSTER]: [shows(SERIAL)] },
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
  },
];
