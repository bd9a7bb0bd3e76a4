import type { ChangeCase, LintCase } from './harness.ts';
import { configMap } from './objects.ts';

const CONNECTION = configMap('iomesh-cluster-1/iomesh-cluster-1-csi-configmap', { clusterId: 'another' });

export const lint: readonly LintCase[] = [
  {
    name: 'reports a second object of the same name with both places, and checks the first',
    add: CONNECTION,
    expect: [
      {
        code: 'IOM008',
        at: 'iomesh-cluster-1-csi-configmap',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        says: ['ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
        related: ['iomesh-cluster-1-csi-configmap'],
        severity: 'error',
      },
    ],
  },
  {
    name: 'reports each of two repetitions',
    add: `${CONNECTION}---\n${CONNECTION}`,
    expect: [{ code: 'IOM008' }, { code: 'IOM008' }],
  },
  {
    name: 'accepts one name in two namespaces',
    add: CONNECTION.replace('namespace: iomesh-cluster-1', 'namespace: elsewhere').replace(
      '  clusterId: another\n',
      '  other: text\n',
    ),
    expect: [],
  },
  {
    name: 'accepts an identical copy of a Namespace',
    add: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: iomesh-cluster-1\n',
    expect: [],
  },
  {
    name: 'reports a second Namespace that differs',
    add: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: iomesh-cluster-1\n  labels: {a: b}\n',
    expect: [{ code: 'IOM008', related: ['iomesh-cluster-1'] }],
  },
  {
    name: 'accepts repetitions of the objects of other software',
    add: [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: one}\n',
      'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: b}\nprovisioner: rook-ceph.rbd.csi.ceph.com\n',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {storageClassName: b, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n',
      'apiVersion: zookeeper.pravega.io/v1beta1\nkind: ZookeeperCluster\nmetadata: {name: kafka}\n',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: d, labels: {x: one}}\n',
    ]
      .flatMap((each) => [each, each.replace(/\n$/, ' # again\n').replace('x: one', 'x: two')])
      .join('---\n'),
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [];
