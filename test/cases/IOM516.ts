import { changed, type ChangeCase, type LintCase } from './harness.ts';

const CLASS = 'StorageClass/iomesh-cluster-1';
const AFTER = '  thinProvision: "true"\n';
const OLD = { iomeshVersion: '1.1' } as const;
const NEW = { iomeshVersion: '1.2' } as const;

function withParameter(line: string): Pick<LintCase, 'config' | 'edit'> {
  return { config: NEW, edit: { [CLASS]: [[AFTER, `${AFTER}  ${line}\n`]] } };
}

function wrong(line: string, says: string, help: string, fixed?: string): LintCase {
  const key = line.slice(0, line.indexOf(':'));
  return {
    name: `reports ${line}`,
    ...withParameter(line),
    expect: [
      {
        code: 'IOM516',
        path: key.includes('/') ? `parameters["${key}"]` : `parameters.${key}`,
        severity: 'error',
        says: [says],
        help: [help, 'deleted and created again'],
        ...(fixed === undefined ? {} : { fix: 'unsafe' as const }),
      },
    ],
    fixed: fixed && changed(`  ${line}`, `  ${fixed}`),
  };
}

function right(line: string): LintCase {
  return { name: `accepts ${line}`, ...withParameter(line), expect: [] };
}

const LEAST_BPS = 'must be "0" or at least "10Mi"';
const LEAST_IOPS = 'must be "0" or at least "50"';

export const lint: LintCase[] = [
  wrong('protocol: iscisi', 'must be "iscsi" or "nvmf"', 'to "iscsi"', 'protocol: iscsi'),
  wrong('protocol: fc', 'must be "iscsi" or "nvmf"', 'to "iscsi" or "nvmf"'),
  wrong('smartx.com/iops: "10"', LEAST_IOPS, 'to "0", or to "50" or more'),
  wrong('smartx.com/iops: 1k', LEAST_IOPS, 'to "0", or to "50" or more'),
  wrong('smartx.com/bps: 1Ki', LEAST_BPS, 'to "0", or to "10Mi" or more'),
  wrong('smartx.com/bps: 100MB', LEAST_BPS, 'to "0", or to "10Mi" or more'),
  wrong(
    'enableClusterTopology: "yes"',
    'must be "true" or "false"',
    'to "true"',
    'enableClusterTopology: "true"',
  ),
  wrong('enableClusterTopology: maybe', 'must be "true" or "false"', 'to "true" or "false"'),
  right('protocol: nvmf'),
  right('smartx.com/iops: "0"'),
  right('smartx.com/iops: "50"'),
  right('smartx.com/bps: "0"'),
  right('smartx.com/bps: 10Mi'),
  right('smartx.com/bps: 0.5Gi'),
  right('smartx.com/bps: "10485760"'),
  right('enableClusterTopology: "false"'),
  {
    name: 'leaves the parameters to IOM510 in older versions',
    ...withParameter('protocol: iscisi'),
    config: OLD,
    expect: [{ code: 'IOM510' }],
  },
  {
    name: 'leaves a number to IOM005',
    ...withParameter('smartx.com/iops: 10'),
    expect: [{ code: 'IOM005' }],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns',
    config: NEW,
    create: `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: com.iomesh.csi-driver
parameters: {iomeshCluster: iomesh-system/iomesh, protocol: iscisi, smartx.com/iops: "10"}
`,
    warned: [{ code: 'IOM516' }, { code: 'IOM516' }],
  },
];
