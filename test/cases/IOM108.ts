import type { ChangeCase, LintCase } from './harness.ts';
import { POOL_DOCUMENTS } from './objects.ts';
import { CLUSTER_NODES, MANAGEMENT_NODES, policy } from './placement.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const WISH =
  'affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3]}]}}]}}';

export const lint: readonly LintCase[] = [
  {
    name: 'reports a component that only prefers its nodes',
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
    name: 'reports two components once, and a third one without affinity as IOM102',
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
    name: 'reports an empty list of preferences as IOM102',
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
    name: 'warns from 1.1 on, but not of the redirector',
    config: { iomeshVersion: '1.1' },
    edit: {
      [CLUSTER]: [policy('chunk', CLUSTER_NODES, WISH), policy('redirector', CLUSTER_NODES, WISH)],
    },
    expect: [{ code: 'IOM108', severity: 'warning', says: ['chunk only prefers its nodes'] }],
  },
  {
    name: 'accepts a single cluster',
    drop: POOL_DOCUMENTS,
    edit: { 'IOMeshCluster/iomesh': [policy('chunk', MANAGEMENT_NODES, WISH)] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a change from required to preferred',
    update: { [CLUSTER]: [policy('chunk', CLUSTER_NODES, WISH)] },
    denied: [{ code: 'IOM108' }],
    warned: [{ code: 'IOM109' }],
  },
  {
    name: 'warns if an edit leaves the preference as it was',
    edit: { [CLUSTER]: [policy('chunk', CLUSTER_NODES, WISH)] },
    update: { [CLUSTER]: [['  reclaimPolicy:\n', '  licenseSecretName: licence\n  reclaimPolicy:\n']] },
    warned: [{ code: 'IOM108' }],
  },
  {
    name: 'reports nothing if the only other cluster is deleted',
    edit: { 'IOMeshCluster/iomesh': [policy('chunk', MANAGEMENT_NODES, WISH)] },
    drop: ['ZookeeperCluster/iomesh-cluster-1-zookeeper', 'StorageClass/iomesh-cluster-1'],
    remove: CLUSTER,
  },
];
