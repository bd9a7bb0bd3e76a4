import { type ChangeCase, changed, type LintCase } from './harness.ts';
import { configMap, storageClass } from './objects.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const RIGHT = 'iscsiPortal: 127.0.0.1:3260';

function wrong(value: string, says: string): LintCase {
  return {
    name: `reports ${value}: ${says}`,
    edit: { [FOLLOWER]: [[RIGHT, `iscsiPortal: ${value}`]] },
    expect: [
      {
        code: 'IOM202',
        severity: 'error',
        at: value,
        path: 'data.iscsiPortal',
        says: ['"127.0.0.1:3260"', says],
        help: ['set data.iscsiPortal to "127.0.0.1:3260"'],
        fix: 'unsafe',
      },
    ],
    fixed: changed(`  iscsiPortal: ${value}`, `  iscsiPortal: ${value.replace(/[^"]+/, '127.0.0.1:3260')}`),
  };
}

export const lint: readonly LintCase[] = [
  wrong('127.0.0.1:3261', 'the port is "3261"'),
  wrong('127.0.0.1', 'the port ":3260" is missing'),
  wrong('10.234.1.5:3260', 'the host is "10.234.1.5"'),
  wrong('localhost:3260', 'the host is "localhost"'),
  wrong('iscsi://127.0.0.1:3260', '"127.0.0.1:3260" without a scheme'),
  wrong('"127.0.0.1:3260 "', '"127.0.0.1:3260" without white space'),
  wrong('127.0.0.1:3260,1', '"127.0.0.1:3260" without anything after the port'),
  {
    name: 'accepts quotes',
    edit: { [FOLLOWER]: [[RIGHT, 'iscsiPortal: "127.0.0.1:3260"']] },
    expect: [],
  },
  {
    name: 'reports an empty value as IOM205',
    edit: { [FOLLOWER]: [[RIGHT, 'iscsiPortal: ""']] },
    expect: [{ code: 'IOM205', help: ['data.iscsiPortal to "127.0.0.1:3260"'] }],
  },
  {
    name: 'reports a number as IOM005',
    edit: { [FOLLOWER]: [[RIGHT, 'iscsiPortal: 3260']] },
    expect: [{ code: 'IOM005' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a StorageClass that makes a wrong ConfigMap a connection',
    add: configMap('web/extra', { iscsiPortal: '10.0.0.1:3260' }),
    create: storageClass('fast', { clusterConnection: 'web/extra', iomeshCluster: 'iomesh-system/iomesh' }),
    config: { rules: { IOM205: 'off', IOM505: 'off', IOM506: 'off', IOM507: 'off', IOM508: 'off' } },
    denied: [{ code: 'IOM202', object: 'web/extra' }],
  },
  {
    name: 'denies another portal',
    update: { [FOLLOWER]: [[RIGHT, 'iscsiPortal: 127.0.0.1:3261']] },
    denied: [{ code: 'IOM202', says: ['"127.0.0.1:3261"'] }],
  },
  {
    name: 'warns if an edit leaves the value as it was',
    edit: { [FOLLOWER]: [[RIGHT, 'iscsiPortal: 127.0.0.1:3261']] },
    update: { [FOLLOWER]: [['\ndata:', '\nimmutable: true\ndata:']] },
    warned: [{ code: 'IOM202' }],
  },
  {
    name: 'allows a fix',
    edit: { [FOLLOWER]: [[RIGHT, 'iscsiPortal: 127.0.0.1:3261']] },
    update: { [FOLLOWER]: [['127.0.0.1:3261', '127.0.0.1:3260']] },
  },
];
