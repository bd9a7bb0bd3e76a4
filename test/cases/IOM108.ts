import type { ChangeCase, LintCase } from './harness.ts';
import { CLUSTER_NODES, MANAGEMENT_NODES, policy } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const WISH =
  'affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3]}]}}]}}';

export const lint: readonly LintCase[] = [
  {
    name: 'one component only prefers its nodes',
    edit: { [CLUSTER]: [policy('chunk', CLUSTER_NODES, WISH)] },
    expect: [
      {
        code: 'IOM108',
        at: 'preferredDuringSchedulingIgnoredDuringExecution',
        severity: 'error',
        says: ['chunk only prefers its nodes'],
        help: ['requiredDuringSchedulingIgnoredDuringExecution'],
        fix: 'shown',
      },
    ],
  },
  {
    name: 'two components are one finding; a third without anything is another rule’s',
    edit: {
      [CLUSTER]: [
        policy('chunk', CLUSTER_NODES, WISH),
        policy('meta', CLUSTER_NODES, WISH),
        policy('redirector', CLUSTER_NODES),
      ],
    },
    expect: [
      { code: 'IOM108', says: ['chunk and meta only prefer their nodes'] },
      { code: 'IOM102', says: ['redirector can run'] },
    ],
  },
  {
    name: 'an empty list of preferences is none',
    edit: {
      [CLUSTER]: [
        policy(
          'chunk',
          CLUSTER_NODES,
          'affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}',
        ),
      ],
    },
    expect: [{ code: 'IOM102', says: ['chunk'] }],
  },
  {
    name: 'a single cluster',
    drop: [
      CLUSTER,
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'ConfigMap/iomesh-cluster-1-csi-configmap',
      'StorageClass/iomesh-cluster-1',
      'Namespace/iomesh-cluster-1',
    ],
    edit: { 'IOMeshCluster/iomesh': [policy('chunk', MANAGEMENT_NODES, WISH)] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'from required to preferred is denied',
    update: { [CLUSTER]: [policy('chunk', CLUSTER_NODES, WISH)] },
    denied: [{ code: 'IOM108' }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'one that stood before is warned, and no more',
    edit: { [CLUSTER]: [policy('chunk', CLUSTER_NODES, WISH)] },
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM108' }],
  },
  {
    name: 'deleting the only other cluster leaves nothing to isolate from',
    edit: { 'IOMeshCluster/iomesh': [policy('chunk', MANAGEMENT_NODES, WISH)] },
    drop: ['ZookeeperCluster/iomesh-cluster-1-zookeeper', 'StorageClass/iomesh-cluster-1'],
    remove: CLUSTER,
  },
];
