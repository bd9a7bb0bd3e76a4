import type { ChangeCase, LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const AFTER = '  thinProvision: "true"\n';
const NEW = { iomeshVersion: '1.2' } as const;
const CHAP = [
  'csi.storage.k8s.io/controller-publish-secret-name: volume-secret',
  'csi.storage.k8s.io/controller-publish-secret-namespace: iomesh-system',
  'csi.storage.k8s.io/node-stage-secret-name: user-secret',
  'csi.storage.k8s.io/node-stage-secret-namespace: app',
];

function withParameters(...lines: readonly string[]): Pick<LintCase, 'edit'> {
  return { edit: { [CLASS]: [[AFTER, AFTER + lines.map((line) => `  ${line}\n`).join('')]] } };
}

function coded(...lines: readonly string[]): Pick<LintCase, 'config' | 'edit'> {
  return {
    config: NEW,
    edit: {
      [CLASS]: [
        [AFTER, AFTER + lines.map((line) => `  ${line}\n`).join('')],
        ['  replicaFactor: "2"\n', ''],
      ],
    },
  };
}

export const lint: LintCase[] = [
  {
    name: 'reports ec_k without ec_m',
    ...coded('ec_k: "4"'),
    expect: [
      {
        code: 'IOM517',
        at: 'ec_k',
        path: 'parameters.ec_k',
        severity: 'error',
        says: ['ec_k is set, but ec_m is missing'],
        help: ['add ec_m, or remove ec_k'],
      },
    ],
  },
  { name: 'reports ec_m without ec_k', ...coded('ec_m: "2"'), expect: [{ code: 'IOM517', at: 'ec_m' }] },
  { name: 'accepts both', ...coded('ec_k: "4"', 'ec_m: "2"'), expect: [] },
  {
    name: 'leaves a misspelt ec_m to IOM510',
    ...coded('ec_k: "4"', 'ec-m: "2"'),
    expect: [{ code: 'IOM510' }],
  },
  {
    name: 'leaves ec_k to IOM510 in older versions',
    ...coded('ec_k: "4"'),
    config: {},
    expect: [{ code: 'IOM510' }],
  },
  {
    name: 'reports CHAP without its Secrets',
    ...withParameters('auth: "true"'),
    expect: [
      {
        code: 'IOM517',
        at: 'auth',
        says: [
          'auth is "true", but',
          'controller-publish-secret-name',
          'node-stage-secret-namespace',
          'are missing',
        ],
      },
    ],
  },
  {
    name: 'reports the one parameter of CHAP that is missing',
    ...withParameters('auth: "true"', ...CHAP.slice(0, 3)),
    expect: [
      { code: 'IOM517', at: 'auth', says: ['csi.storage.k8s.io/node-stage-secret-namespace is missing'] },
    ],
  },
  { name: 'accepts CHAP as the guide has it', ...withParameters('auth: "true"', ...CHAP), expect: [] },
  { name: 'accepts auth "false" without Secrets', ...withParameters('auth: "false"'), expect: [] },
  {
    name: 'reports the name of a Secret without its namespace',
    ...withParameters('csi.storage.k8s.io/node-expand-secret-name: a'),
    expect: [
      {
        code: 'IOM517',
        at: 'csi.storage.k8s.io/node-expand-secret-name',
        says: ['csi.storage.k8s.io/node-expand-secret-namespace is missing'],
      },
    ],
  },
  {
    name: 'reports the namespace of a Secret without its name',
    ...withParameters('csi.storage.k8s.io/provisioner-secret-namespace: a'),
    expect: [{ code: 'IOM517', at: 'csi.storage.k8s.io/provisioner-secret-namespace' }],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns',
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: chap}
provisioner: com.iomesh.csi-driver
parameters:
  clusterConnection: iomesh-system/iomesh-csi-configmap
  iomeshCluster: iomesh-system/iomesh
  auth: "true"
`,
    warned: [{ code: 'IOM517' }],
  },
];
