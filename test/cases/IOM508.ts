import type { ChangeCase, LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';

function wrong(value: string, help: string): LintCase {
  return {
    name: `thinProvision ${value}`,
    edit: { [CLASS]: [['thinProvision: "true"', `thinProvision: ${value}`]] },
    expect: [
      {
        code: 'IOM508',
        at: value,
        path: 'parameters.thinProvision',
        severity: 'error',
        says: ['"true" or "false"'],
        help: [help],
        fix: 'unsafe',
      },
    ],
  };
}

export const lint: LintCase[] = [
  {
    name: 'thick',
    edit: { [CLASS]: [['thinProvision: "true"', 'thinProvision: "false"']] },
    expect: [],
  },
  { name: 'the default', edit: { [CLASS]: [['\n  thinProvision: "true"', '']] }, expect: [] },
  wrong('"True"', 'write "true"'),
  wrong('"FALSE"', 'write "false"'),
  wrong('"no"', 'write "false"'),
  wrong('"1"', 'write "true"'),
  wrong('"flse"', 'write "false"'),
  wrong('"maybe"', 'write "true", the default, or "false"'),
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
  thinProvision: "yes"
  clusterConnection: iomesh-system/iomesh-csi-configmap
  iomeshCluster: iomesh-system/iomesh
`,
    denied: [{ code: 'IOM508', at: '"yes"' }],
  },
  {
    name: 'an edit of a class that stood so is warned of it',
    edit: { [CLASS]: [['thinProvision: "true"', 'thinProvision: "yes"']] },
    update: { [CLASS]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
    warned: [{ code: 'IOM508', at: '"yes"' }],
  },
];
