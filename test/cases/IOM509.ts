import type { ChangeCase, LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const TOP = 'reclaimPolicy: Delete\n';
const THIN = 'thinProvision: "true"';

export const lint: LintCase[] = [
  {
    name: 'Retain where it belongs',
    edit: { [CLASS]: [[TOP, 'reclaimPolicy: Retain\n']] },
    expect: [],
  },
  {
    name: 'Retain among the parameters, nothing at the top level: data would be lost',
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
          '"Retain" among the parameters has no effect',
          'policy is "Delete" (the default)',
          'volumes are deleted with their data',
        ],
        help: ['beside provisioner: reclaimPolicy: Retain', 'deleted and created anew', 'kubectl patch pv'],
        related: [],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'Retain among the parameters, Delete at the top level',
    edit: { [CLASS]: [[THIN, `${THIN}\n  reclaimPolicy: retain`]] },
    expect: [
      {
        code: 'IOM509',
        severity: 'error',
        says: ['"retain"', 'at the top level', 'deleted with their data'],
        help: ['reclaimPolicy: Retain'],
        related: ['Delete'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'Delete among the parameters, Retain at the top level: volumes pile up',
    edit: {
      [CLASS]: [
        [TOP, 'reclaimPolicy: Retain\n'],
        [THIN, `${THIN}\n  reclaimPolicy: Delete`],
      ],
    },
    expect: [{ code: 'IOM509', severity: 'error', says: ['volumes are kept'], related: ['Retain'] }],
  },
  {
    name: 'the same in both places, as the guide prints it',
    edit: { [CLASS]: [[THIN, `${THIN}\n  reclaimPolicy: Delete`]] },
    expect: [
      {
        code: 'IOM509',
        severity: 'warning',
        says: ['has no effect', '"Delete" as well'],
        help: ['remove it'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'Delete among the parameters, nothing at the top level: the default is the same',
    edit: {
      [CLASS]: [
        [TOP, ''],
        [THIN, `${THIN}\n  ReclaimPolicy: Delete`],
      ],
    },
    expect: [{ code: 'IOM509', at: 'ReclaimPolicy', severity: 'warning' }],
  },
  {
    name: 'a policy there is none of',
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
  { name: 'denied where data would be lost', create: CREATE, denied: [{ code: 'IOM509' }] },
  {
    name: 'the same, but harmless, is warned of',
    create: `${CREATE}reclaimPolicy: Retain\n`,
    warned: [{ code: 'IOM509' }],
  },
  {
    name: 'right',
    create: `${CREATE.replace('  reclaimPolicy: Retain\n', '')}reclaimPolicy: Retain\n`,
  },
];
