import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const CONNECTION = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const CLASS = 'StorageClass/iomesh-cluster-1';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const MANAGEMENT_ZOOKEEPER = 'ZookeeperCluster/iomesh-zookeeper';
/** The tag of meta, chunk or redirector. */
const TAG = /^ {6}tag: v5.*\n/m;
const AFFINITY = /^ {4}affinity:\n(?: {6}.*\n)*/m;

/** A document of the base without the lines that match. */
function without(key: string, ...lines: readonly RegExp[]): string {
  return lines.reduce((text, line) => {
    const left = text.replace(line, '');
    if (left === text) throw new Error(`${key} has no ${line}`);
    return left;
  }, baseDocuments().get(key)!);
}

export const lint: LintCase[] = [
  {
    name: 'leaves files to other rules',
    edit: { [CLASS]: [['  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap\n', '']] },
    expect: [{ code: 'IOM501' }],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a connection ConfigMap without metaAddr before the cluster',
    drop: [CLUSTER, CONNECTION, CLASS],
    create: without(CONNECTION, /^ {2}metaAddr:.*\n/m),
    denied: [
      { code: 'IOM205' },
      {
        code: 'IOM409',
        path: 'data.metaAddr',
        says: ['data.metaAddr cannot be filled in', 'no IOMeshCluster in namespace iomesh-cluster-1 yet'],
        help: ['apply this object again after it, or set data.metaAddr'],
      },
    ],
  },
  {
    name: 'denies a connection ConfigMap without clusterId before that of the management cluster',
    drop: ['ConfigMap/iomesh-csi-configmap', 'StorageClass/iomesh-default', CONNECTION],
    create: without(CONNECTION, /^ {2}clusterId:.*\n/m),
    denied: [
      { code: 'IOM205' },
      { code: 'IOM409', path: 'data.clusterId', says: ['ConfigMap of IOMeshCluster iomesh-system/iomesh'] },
    ],
  },
  {
    name: 'denies a class that names only its cluster, before the ConfigMap and the second cluster',
    drop: [CLUSTER, ZOOKEEPER, CONNECTION, CLASS],
    create: without(CLASS, /^ {2}clusterConnection:.*\n/m),
    denied: [
      {
        code: 'IOM409',
        path: 'parameters.clusterConnection',
        says: ['no connection ConfigMap of IOMeshCluster iomesh-cluster-1/iomesh-cluster-1 yet'],
      },
    ],
    warned: [{ code: 'IOM504' }],
  },
  {
    name: 'warns of a complete class without connection while nothing shows the release',
    base: 'empty',
    create: without(CLASS, /^ {2}clusterConnection:.*\n/m),
    warned: [
      {
        code: 'IOM409',
        path: 'parameters.clusterConnection',
        says: ['release of IOMesh yet'],
        help: ['from 1.1 on'],
      },
      { code: 'IOM504' },
    ],
  },
  {
    name: 'denies a class that names only a ConfigMap that does not exist',
    drop: [CLUSTER, ZOOKEEPER, CONNECTION, CLASS],
    create: without(CLASS, /^ {2}iomeshCluster:.*\n/m),
    denied: [{ code: 'IOM409', says: ['no ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap yet'] }],
    warned: [{ code: 'IOM503' }],
  },
  {
    name: 'denies a class that names only a ConfigMap whose cluster does not exist',
    drop: [CLUSTER, ZOOKEEPER, CLASS],
    create: without(CLASS, /^ {2}iomeshCluster:.*\n/m),
    denied: [{ code: 'IOM409', says: ['no IOMeshCluster iomesh-cluster-1/iomesh-cluster-1 yet'] }],
  },
  {
    name: 'denies a pool without tags before the management cluster',
    drop: [MANAGEMENT, CLUSTER],
    create: without(CLUSTER, TAG, TAG, TAG),
    denied: [
      {
        code: 'IOM409',
        says: ['spec.meta.image.tag, spec.chunk.image.tag', 'no IOMeshCluster iomesh-system/iomesh yet'],
      },
    ],
    warned: [{ code: 'IOM705' }],
  },
  {
    name: 'admits a pool of 1.1 without tags before the management cluster',
    config: { iomeshVersion: '1.1' },
    drop: [MANAGEMENT, CLUSTER],
    create: without(CLUSTER, TAG, TAG, TAG),
    warned: [{ code: 'IOM705' }],
  },
  {
    name: 'admits a complete pool before the management cluster',
    drop: [MANAGEMENT, CLUSTER],
    create: baseDocuments().get(CLUSTER)!,
    warned: [{ code: 'IOM705' }],
  },
  {
    name: 'denies a ZookeeperCluster without node affinity before its IOMeshCluster',
    drop: [MANAGEMENT, MANAGEMENT_ZOOKEEPER, CLUSTER, ZOOKEEPER],
    create: without(ZOOKEEPER, AFFINITY),
    denied: [{ code: 'IOM409', says: ['no IOMeshCluster iomesh-cluster-1/iomesh-cluster-1 yet'] }],
  },
  {
    name: 'denies a ZookeeperCluster without image before that of the management cluster',
    drop: [MANAGEMENT_ZOOKEEPER, ZOOKEEPER],
    create: without(ZOOKEEPER, /^ {2}image:\n(?: {4}.*\n)*/m),
    denied: [{ code: 'IOM409', path: 'spec.image.repository' }],
  },
  {
    name: 'admits the ZookeeperCluster of the management cluster without node affinity',
    drop: [MANAGEMENT, MANAGEMENT_ZOOKEEPER, CLUSTER, ZOOKEEPER],
    create: without(MANAGEMENT_ZOOKEEPER, AFFINITY),
  },
  {
    name: 'ignores updates',
    drop: [CLUSTER, CLASS],
    edit: { [CONNECTION]: [[/^ {2}metaAddr:.*\n/m.exec(baseDocuments().get(CONNECTION)!)![0], '']] },
    update: { [CONNECTION]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
    warned: [{ code: 'IOM205' }],
  },
];
