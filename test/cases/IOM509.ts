import type { ChangeCase, LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const TOP = 'reclaimPolicy: Delete\n';
const THIN = 'thinProvision: "true"';

export const lint: LintCase[] = [
  {
    name: 'accepts Retain at the top level',
    edit: { [CLASS]: [[TOP, 'reclaimPolicy: Retain\n']] },
    expect: [],
  },
  {
    name: 'reports the parameter Retain if the top level is not set',
    edit: {
      [CLASS]: [
        [TOP, ''],
        [THIN, `${THIN}\n  reclaimPolicy: Retain`],
      ],
    },
    expect: [
      {
        code: 'IOM509',
        at: 'reclaimPolicy',
        path: 'parameters.reclaimPolicy',
        severity: 'error',
        says: [
          'parameters.reclaimPolicy is "Retain" but has no effect',
          'reclaim policy of the class is "Delete" (the default)',
          'volumes are deleted with their data',
        ],
        help: ['next to provisioner: reclaimPolicy: Retain', 'deleted and created again', 'kubectl patch pv'],
        related: [],
        fix: 'unsafe',
      },
    ],
    fixed: `
-  reclaimPolicy: Retain
+reclaimPolicy: Retain`,
  },
  {
    name: 'reports the parameter Retain if the top level is Delete',
    edit: { [CLASS]: [[THIN, `${THIN}\n  reclaimPolicy: retain`]] },
    expect: [
      {
        code: 'IOM509',
        severity: 'error',
        says: ['"retain"', 'set at the top level', 'deleted with their data'],
        help: ['reclaimPolicy: Retain'],
        related: ['Delete'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-reclaimPolicy: Delete
+reclaimPolicy: Retain
-  reclaimPolicy: retain`,
  },
  {
    name: 'reports the parameter Delete if the top level is Retain',
    edit: {
      [CLASS]: [
        [TOP, 'reclaimPolicy: Retain\n'],
        [THIN, `${THIN}\n  reclaimPolicy: Delete`],
      ],
    },
    expect: [{ code: 'IOM509', severity: 'error', says: ['volumes are kept'], related: ['Retain'] }],
    fixed: `
-reclaimPolicy: Retain
+reclaimPolicy: Delete
-  reclaimPolicy: Delete`,
  },
  {
    name: 'warns if both places have the same policy',
    edit: { [CLASS]: [[THIN, `${THIN}\n  reclaimPolicy: Delete`]] },
    expect: [
      {
        code: 'IOM509',
        severity: 'warning',
        says: ['has no effect', 'also "Delete"'],
        help: ['remove parameters.reclaimPolicy'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'warns if the parameter equals the default',
    edit: {
      [CLASS]: [
        [TOP, ''],
        [THIN, `${THIN}\n  ReclaimPolicy: Delete`],
      ],
    },
    expect: [{ code: 'IOM509', at: 'ReclaimPolicy', severity: 'warning' }],
  },
  {
    name: 'reports an unknown policy',
    edit: { [CLASS]: [[THIN, `${THIN}\n  reclaimPolicy: Recycle`]] },
    expect: [{ code: 'IOM509', severity: 'error', help: ['"Delete" or "Retain"'] }],
  },
];

const CREATE = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast
provisioner: com.iomesh.csi-driver
parameters:
  reclaimPolicy: Retain
  clusterConnection: iomesh-system/iomesh-csi-configmap
  iomeshCluster: iomesh-system/iomesh
`;

export const change: ChangeCase[] = [
  {
    name: 'denies a new class whose parameter differs from the policy',
    create: CREATE,
    denied: [{ code: 'IOM509' }],
  },
  {
    name: 'warns of a new class whose parameter equals the policy',
    create: `${CREATE}reclaimPolicy: Retain\n`,
    warned: [{ code: 'IOM509' }],
  },
  {
    name: 'allows a new class with the policy at the top level',
    create: `${CREATE.replace('  reclaimPolicy: Retain\n', '')}reclaimPolicy: Retain\n`,
  },
];
