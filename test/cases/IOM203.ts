import { type ChangeCase, changed, type LintCase } from './harness.ts';
import { configMap, connectionMap, storageClass } from './objects.ts';

const FOLLOWER = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const RIGHT = 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100';

function wrong(value: string, ...says: string[]): LintCase {
  return {
    name: `reports ${value}`,
    edit: { [FOLLOWER]: [[RIGHT, value]] },
    expect: [
      {
        code: 'IOM203',
        severity: 'error',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        at: value,
        path: 'data.metaAddr',
        says,
        help: [`set data.metaAddr to "${RIGHT}"`],
        fix: 'unsafe',
      },
    ],
    fixed: changed(`  metaAddr: ${value}`, `  metaAddr: ${value.replace(/[^"]+/, RIGHT)}`),
  };
}

export const lint: readonly LintCase[] = [
  wrong(`${RIGHT}.`, 'trailing full stop'),
  wrong('iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local.:10100', 'trailing full stop'),
  wrong('iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local', 'the port ":10100" is missing'),
  wrong(
    'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10206',
    'the port is "10206", not 10100',
  ),
  wrong(
    'iomesh-cluster-1-meta.iomesh-cluster-1.svc.cluster.local:10100',
    'the service is "iomesh-cluster-1-meta"',
  ),
  wrong('iomesh-cluster-1.iomesh-cluster-1.svc.cluster.local:10100', 'the service is "iomesh-cluster-1"'),
  wrong('iomesh-cluster-1-meta-client.iomesh-cluster-1.cluster.local:10100', '".svc" is missing'),
  wrong('iomesh-cluster-1-meta-client.svc.cluster.local:10100', 'the namespace is missing'),
  wrong('iomesh-cluster-1-meta-client.iomesh-cluster-1.svc:10100', '".cluster.local" is missing'),
  wrong(
    'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.lokal:10100',
    '"cluster.lokal", not "cluster.local"',
  ),
  wrong(`http://${RIGHT}`, 'starts with "http://"'),
  wrong('Iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100', 'upper-case'),
  wrong(`"${RIGHT} "`, 'white space'),
  wrong('10.96.0.7:10100', 'IP address'),
  wrong(
    'http://iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10206.',
    'starts with "http://", it has a trailing full stop and the port is "10206", not 10100',
  ),
  {
    name: 'proposes the only cluster of that name for an invalid address in another namespace',
    edit: { [FOLLOWER]: [[RIGHT, 'iomesh-cluster-1-meta-client.iomesh-system.svc.cluster.local:10206']] },
    expect: [{ code: 'IOM203', says: ['"10206"'], help: [`"${RIGHT}"`] }],
  },
  {
    name: 'uses the cluster domain of the configuration',
    config: { clusterDomain: 'k8s.example' },
    edit: { 'ConfigMap/iomesh-csi-configmap': [['svc.cluster.local', 'svc.k8s.example']] },
    expect: [
      {
        code: 'IOM203',
        says: ['the cluster domain is "cluster.local", not "k8s.example"'],
        help: ['"iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.k8s.example:10100"'],
      },
    ],
  },
  {
    name: 'shows the form of an address if no cluster matches',
    base: 'empty',
    add: connectionMap('lonely/lonely', '10.0.0.1:10100'),
    expect: [{ code: 'IOM203', help: ['"<cluster>-meta-client.<namespace>.svc.cluster.local:10100"'] }],
  },
  {
    name: 'reports a placeholder as IOM007',
    edit: { [FOLLOWER]: [[RIGHT, '<cluster>-meta-client.iomesh-cluster-1.svc.cluster.local:10100']] },
    expect: [{ code: 'IOM007' }],
  },
  { name: 'accepts quotes', edit: { [FOLLOWER]: [[RIGHT, `"${RIGHT}"`]] }, expect: [] },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a StorageClass that makes a wrong ConfigMap a connection',
    add: configMap('web/extra', { metaAddr: 'seaweedfs-master:9333' }),
    create: storageClass('fast', { clusterConnection: 'web/extra', iomeshCluster: 'iomesh-system/iomesh' }),
    config: { rules: { IOM205: 'off', IOM505: 'off', IOM506: 'off', IOM507: 'off', IOM508: 'off' } },
    denied: [{ code: 'IOM203', object: 'web/extra' }],
  },
  {
    name: 'denies an invalid address',
    update: { [FOLLOWER]: [[RIGHT, `${RIGHT}.`]] },
    denied: [{ code: 'IOM203', says: ['trailing full stop'] }],
  },
  {
    name: 'warns of the second error if the first is fixed',
    edit: { [FOLLOWER]: [[RIGHT, `http://${RIGHT}.`]] },
    update: { [FOLLOWER]: [[`http://${RIGHT}.`, `${RIGHT}.`]] },
    warned: [{ code: 'IOM203', says: ['trailing full stop'] }],
  },
  {
    name: 'denies another error',
    edit: { [FOLLOWER]: [[RIGHT, `${RIGHT}.`]] },
    update: { [FOLLOWER]: [[`${RIGHT}.`, `http://${RIGHT}.`]] },
    denied: [{ code: 'IOM203' }],
  },
];
