import { clusterLike } from './clusters.ts';
import { type ChangeCase, exceptionFor, type LintCase } from './harness.ts';
import { foreignZookeeper, volume } from './objects.ts';

const POOL = 'Namespace/iomesh-cluster-1';
const MANAGEMENT = 'Namespace/iomesh-system';
const CLUSTERS = 'IOMeshCluster iomesh-cluster-1/iomesh-cluster-1';
const VOLUME = volume('pv-1', {
  attributes: { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' },
  claim: 'default/db-0',
});
/** The release with one operator for all clusters, which one `helm uninstall` removes. */
const RELEASE_1_2 = { iomeshVersion: '1.2', rules: { IOM510: 'off' } } as const;

function definition(name: string): string {
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${name}
`;
}

const IOMESH = 'iomeshclusters.iomesh.com';
const ZOOKEEPER = 'zookeeperclusters.zookeeper.pravega.io';

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies the deletion of a Namespace whose cluster holds volumes',
    add: VOLUME,
    remove: POOL,
    denied: [
      {
        code: 'IOM607',
        object: 'iomesh-cluster-1',
        at: 'iomesh-cluster-1',
        severity: 'error',
        says: [
          `deleting Namespace iomesh-cluster-1 also deletes ${CLUSTERS}, ZookeeperCluster iomesh-cluster-1/iomesh-cluster-1-zookeeper and ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap`,
          'they are needed by 1 volume, 1 bound: default/db-0',
        ],
        help: [
          'iomesh-guard plan remove iomesh-cluster-1 prints the steps before',
          'kubectl get pv',
          'add an exception for IOM607 to the configuration (waivers.exceptions)',
        ],
        helpOmits: ['kubectl delete'],
      },
    ],
  },
  {
    name: 'denies the deletion of the Namespace of a ConfigMap that volumes need',
    drop: ['IOMeshCluster/iomesh-cluster-1', 'ZookeeperCluster/iomesh-cluster-1-zookeeper'],
    config: { rules: { IOM504: 'off', IOM204: 'off' } },
    add: volume('pv-1', { class: 'iomesh-cluster-1', claim: 'default/db-0' }),
    remove: POOL,
    denied: [{ code: 'IOM607', says: ['ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap; they'] }],
  },
  {
    name: 'warns of the deletion of a Namespace with a cluster without volumes',
    remove: POOL,
    warned: [
      {
        code: 'IOM607',
        severity: 'warning',
        says: [`deleting Namespace iomesh-cluster-1 also deletes ${CLUSTERS}`],
        help: ['keep the Namespace'],
      },
    ],
  },
  {
    name: 'allows the deletion of a Namespace without objects of IOMesh',
    add: `apiVersion: v1
kind: Namespace
metadata:
  name: kafka
---
${foreignZookeeper('kafka/kafka-zookeeper', 'replicas: 1')}`,
    remove: 'Namespace/kafka',
  },
  {
    name: 'denies the deletion of the Namespace of the management cluster while a pool exists',
    remove: MANAGEMENT,
    denied: [
      {
        code: 'IOM607',
        object: 'iomesh-system',
        says: [
          'iomesh-system/iomesh is the management cluster, whose operator and CSI driver are needed by iomesh-cluster-1/iomesh-cluster-1',
        ],
        help: [
          'remove the pools first, each as its plan says (iomesh-guard plan remove iomesh-cluster-1), then iomesh-system/iomesh (iomesh-guard plan remove iomesh), then the Namespace',
        ],
      },
    ],
  },
  {
    name: 'warns of it from 1.1 on if the pool has no volumes',
    config: RELEASE_1_2,
    remove: MANAGEMENT,
    warned: [{ code: 'IOM607' }],
  },
  {
    name: 'denies it from 1.1 on if the pool has volumes',
    config: RELEASE_1_2,
    add: VOLUME,
    remove: MANAGEMENT,
    denied: [{ code: 'IOM607', says: ['needed by iomesh-cluster-1/iomesh-cluster-1'] }],
  },
  {
    name: 'warns of the deletion of the Namespace with the only cluster',
    drop: [
      'IOMeshCluster/iomesh-cluster-1',
      'ZookeeperCluster/iomesh-cluster-1-zookeeper',
      'ConfigMap/iomesh-cluster-1-csi-configmap',
      'StorageClass/iomesh-cluster-1',
    ],
    remove: MANAGEMENT,
    warned: [{ code: 'IOM607' }],
  },
  {
    name: 'accepts an exception of the configuration',
    config: exceptionFor('IOM607', 'Namespace/iomesh-cluster-1'),
    add: VOLUME,
    remove: POOL,
    waived: 1,
  },
  {
    name: 'denies the deletion of the definition of IOMeshClusters while one exists',
    add: definition(IOMESH),
    remove: `CustomResourceDefinition/${IOMESH}`,
    denied: [
      {
        code: 'IOM607',
        object: IOMESH,
        says: [
          `deleting CustomResourceDefinition ${IOMESH} also deletes IOMeshCluster iomesh-system/iomesh and ${CLUSTERS}`,
        ],
        help: [
          'remove the pools first, each as its plan says (iomesh-guard plan remove iomesh-cluster-1), then iomesh-system/iomesh (iomesh-guard plan remove iomesh), then the CustomResourceDefinition',
        ],
        helpOmits: ['kubectl delete'],
      },
    ],
  },
  {
    name: 'counts the clusters that the message does not name',
    add: [6, 9, 12, 15]
      .map((node) => clusterLike(`pool-${node}`, node, { kinds: ['IOMeshCluster', 'ZookeeperCluster'] }))
      .concat(definition(ZOOKEEPER))
      .join('---\n'),
    remove: `CustomResourceDefinition/${ZOOKEEPER}`,
    denied: [
      { code: 'IOM607', says: ['and 2 more'], help: ['(iomesh-guard plan remove iomesh-cluster-1, '] },
    ],
  },
  {
    name: 'allows the deletion of a definition without an object of IOMesh',
    base: 'empty',
    add: `${definition(ZOOKEEPER)}---\n${foreignZookeeper('kafka/kafka-zookeeper', 'replicas: 1')}`,
    remove: `CustomResourceDefinition/${ZOOKEEPER}`,
  },
  {
    name: 'allows the deletion of the definition of another kind',
    add: definition('issuers.cert-manager.io'),
    remove: 'CustomResourceDefinition/issuers.cert-manager.io',
  },
];
