import { clusterLike } from './clusters.ts';
import { type ChangeCase, exceptionFor } from './harness.ts';
import { POOL_DOCUMENTS } from './objects.ts';
import { MANAGEMENT_NODES, policy } from './placement.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const MANAGEMENT_ZOOKEEPER = 'ZookeeperCluster/iomesh-zookeeper';
const UNPLACED = {
  [MANAGEMENT]: (['chunk', 'meta', 'redirector'] as const).map((each) => policy(each, MANAGEMENT_NODES)),
  [MANAGEMENT_ZOOKEEPER]: [policy('zookeeper', MANAGEMENT_NODES)],
};
const PREFERRED =
  'affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: pool, operator: Exists}]}}]}}';

const zookeeper = clusterLike('two', 6, { kinds: ['ZookeeperCluster'] });
const cluster = clusterLike('two', 6, { kinds: ['IOMeshCluster'] });
const quiet = { rules: { IOM404: 'off', IOM701: 'off' } } as const;

export const change: readonly ChangeCase[] = [
  {
    name: 'denies the ZookeeperCluster of a pool next to a management cluster without node selection',
    drop: POOL_DOCUMENTS,
    edit: UNPLACED,
    create: zookeeper,
    denied: [
      {
        code: 'IOM110',
        object: 'two/two-zookeeper',
        says: [
          'chunk, meta, redirector and zookeeper of iomesh-system/iomesh can run on any node, also on the nodes of two/two',
        ],
        help: [
          'first set a required nodeAffinity for the nodes that run its pods in IOMeshCluster iomesh-system/iomesh and ZookeeperCluster iomesh-system/iomesh-zookeeper, then create this object again',
          'add an exception for IOM110 to the configuration (waivers.exceptions)',
        ],
      },
    ],
    warned: [
      { code: 'IOM102', object: 'iomesh-system/iomesh' },
      { code: 'IOM102', object: 'iomesh-system/iomesh-zookeeper' },
    ],
  },
  {
    name: 'denies the IOMeshCluster of a pool if one component of the other cluster can run anywhere',
    drop: POOL_DOCUMENTS,
    config: quiet,
    edit: { [MANAGEMENT]: [policy('redirector', MANAGEMENT_NODES)] },
    create: cluster,
    denied: [{ code: 'IOM110', says: ['redirector of iomesh-system/iomesh can run on any node'] }],
    warned: [{ code: 'IOM102', object: 'iomesh-system/iomesh' }],
  },
  {
    name: 'denies a pool next to a cluster that only prefers its nodes',
    drop: POOL_DOCUMENTS,
    edit: { [MANAGEMENT]: [policy('chunk', MANAGEMENT_NODES, PREFERRED)] },
    create: zookeeper,
    denied: [{ code: 'IOM110', says: ['chunk of iomesh-system/iomesh'] }],
    warned: [{ code: 'IOM108' }],
  },
  {
    name: 'waives it',
    drop: POOL_DOCUMENTS,
    edit: UNPLACED,
    config: exceptionFor('IOM110', 'ZookeeperCluster/two/*'),
    create: zookeeper,
    warned: [{ code: 'IOM102' }, { code: 'IOM102' }],
    waived: 1,
  },
  {
    name: 'warns if the other object of the pool exists already',
    add: zookeeper,
    config: quiet,
    edit: { [MANAGEMENT]: [policy('chunk', MANAGEMENT_NODES)] },
    create: cluster,
    warned: [{ code: 'IOM110' }],
  },
  {
    name: 'allows a pool if every cluster selects its nodes',
    drop: POOL_DOCUMENTS,
    create: zookeeper,
  },
  {
    name: 'allows a pool from 1.1 on',
    drop: POOL_DOCUMENTS,
    config: { iomeshVersion: '1.1' },
    edit: UNPLACED,
    create: zookeeper,
    warned: [{ code: 'IOM102' }, { code: 'IOM102' }],
  },
  {
    name: 'allows an update of a pool',
    edit: UNPLACED,
    update: {
      'IOMeshCluster/iomesh-cluster-1': [
        ['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n'],
      ],
    },
  },
  {
    name: 'allows to create the management cluster again',
    drop: [MANAGEMENT],
    edit: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        policy('zookeeper', ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5']),
      ],
    },
    create: clusterLike('iomesh', 0, { namespace: 'iomesh-system', kinds: ['IOMeshCluster'] }),
    config: { rules: { IOM105: 'off', IOM304: 'off', IOM401: 'off', IOM404: 'off' } },
  },
];
