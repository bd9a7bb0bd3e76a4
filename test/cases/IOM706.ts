import { clusterLike } from './clusters.ts';
import type { ChangeCase, Edit, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const SERIAL = '4b7c0c52-6a4e-4b39-8f0d-6f3d1f5a2c11';
const shows = (serial: string): Edit => ['spec:\n', `status:\n  license:\n    serial: ${serial}\nspec:\n`];

export const lint: readonly LintCase[] = [
  {
    name: 'reports one serial on two clusters, whatever the letter case',
    edit: { [MANAGEMENT]: [shows(SERIAL.toUpperCase())], [CLUSTER]: [shows(SERIAL)] },
    expect: [
      {
        code: 'IOM706',
        at: SERIAL,
        path: 'status.license.serial',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: [
          `iomesh-cluster-1/iomesh-cluster-1 and iomesh-system/iomesh have the same licence serial "${SERIAL}"`,
        ],
        help: ['request a separate licence for iomesh-cluster-1/iomesh-cluster-1'],
        related: [SERIAL.toUpperCase()],
      },
    ],
  },
  {
    name: 'reports one serial on three clusters twice',
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
    name: 'accepts different serials',
    edit: { [MANAGEMENT]: [shows(SERIAL)], [CLUSTER]: [shows('90d0f5d8-53c1-4c38-9f7a-0f1f5f0c7a3e')] },
    expect: [],
  },
  {
    name: 'accepts empty serials',
    edit: { [MANAGEMENT]: [shows('""')], [CLUSTER]: [shows('""')] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'ignores the serial at admission',
    edit: { [MANAGEMENT]: [shows(SERIAL)], [CLUSTER]: [shows(SERIAL)] },
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
  },
];
