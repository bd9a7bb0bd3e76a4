import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
/** The management cluster and all that belongs to it. */
const ALL = [
  MANAGEMENT,
  'ZookeeperCluster/iomesh-zookeeper',
  'ConfigMap/iomesh-csi-configmap',
  'StorageClass/iomesh-default',
];
const NAMESPACE = '      blockDeviceNamespace: iomesh-system\n';
const FOLLOWS = '      blockDeviceNamespace: iomesh-cluster-1\n';

export const lint: readonly LintCase[] = [
  {
    name: 'a follower alone',
    drop: ALL,
    expect: [
      {
        code: 'IOM705',
        at: 'iomesh-cluster-1',
        path: 'metadata.name',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: [
          'the management cluster "iomesh-system/iomesh" is not there, and iomesh-cluster-1/iomesh-cluster-1 needs it',
        ],
        help: [
          'apply the management cluster first, or set "managementCluster: <namespace>/<name>" in iomesh-guard.yaml',
        ],
      },
    ],
  },
  {
    name: 'two followers are one finding',
    drop: ALL,
    add: clusterLike('pool-b', 6),
    expect: [{ code: 'IOM705', says: ['iomesh-cluster-1/iomesh-cluster-1 and pool-b/pool-b need it'] }],
  },
  {
    name: 'the one in whose namespace the others look for disks is proposed, and not held to the other name',
    drop: ALL,
    edit: { [CLUSTER]: [[NAMESPACE, FOLLOWS]] },
    add: clusterLike('pool-b', 6).replace(NAMESPACE, FOLLOWS),
    expect: [
      {
        code: 'IOM705',
        help: ['set "managementCluster: iomesh-cluster-1/iomesh-cluster-1" in iomesh-guard.yaml'],
      },
    ],
  },
  {
    name: 'a cluster that is alone and looks after itself is no follower',
    drop: ALL,
    edit: { [CLUSTER]: [[NAMESPACE, '']] },
    expect: [],
  },
  {
    name: 'unless the management cluster is half there',
    drop: [MANAGEMENT, 'ConfigMap/iomesh-csi-configmap', 'StorageClass/iomesh-default'],
    edit: { [CLUSTER]: [[NAMESPACE, FOLLOWS]] },
    expect: [{ code: 'IOM705' }, { code: 'IOM301' }],
  },
  {
    name: 'a document that could not be read may be it',
    drop: ALL,
    add: `apiVersion: iomesh.com/v1alpha1
kind: IOMeshCluster
metadata:
  name: iomesh
  namespace: iomesh-system
spec: [
`,
    expect: [{ code: 'IOM001' }],
  },
  {
    name: 'the configuration says which one it is',
    drop: ALL,
    edit: { [CLUSTER]: [[NAMESPACE, FOLLOWS]] },
    config: { managementCluster: { namespace: 'iomesh-cluster-1', name: 'iomesh-cluster-1' } },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'a follower applied first is warned of',
    base: 'empty',
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM705', severity: 'warning' }, { code: 'IOM701' }],
  },
  {
    name: 'that it is deleted is said once, by IOM601',
    drop: ['StorageClass/iomesh-default', 'ConfigMap/iomesh-csi-configmap'],
    remove: MANAGEMENT,
    denied: [{ code: 'IOM601' }],
  },
  {
    name: 'while it is missing, a second follower is warned of',
    drop: ALL,
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM705' }, { code: 'IOM701' }],
  },
  {
    name: 'with a configured error the second is not denied what stood before it',
    drop: ALL,
    config: { rules: { IOM705: 'error' } },
    create: clusterLike('pool-b', 6, { kinds: ['IOMeshCluster'] }),
    warned: [{ code: 'IOM705' }, { code: 'IOM701' }],
  },
];
