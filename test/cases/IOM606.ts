import { type ChangeCase, exceptionFor, type LintCase } from './harness.ts';
import { foreignZookeeper, storageClass, volume } from './objects.ts';

const CONNECTION = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const CLASS = 'StorageClass/iomesh-cluster-1';
const BEING_DELETED = '  deletionTimestamp: "2026-11-23T10:00:00Z"\n';
const ADDRESS = 'iomesh-cluster-1-meta-client.iomesh-cluster-1';
const ON_POOL = { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' };
const THREE = [
  volume('pv-1', { attributes: ON_POOL, claim: 'default/db-0' }),
  volume('pv-2', { attributes: ON_POOL, claim: 'default/db-1' }),
  volume('pv-3', { attributes: ON_POOL, claim: 'default/db-2', phase: 'Released' }),
].join('---\n');
const NAMED = '3 volumes, 2 bound: default/db-0, default/db-1 and default/db-2';

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies the deletion of a cluster that holds volumes',
    add: THREE,
    remove: CLUSTER,
    denied: [
      {
        code: 'IOM606',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        at: 'iomesh-cluster-1',
        severity: 'error',
        says: [`IOMeshCluster iomesh-cluster-1/iomesh-cluster-1 holds the data of ${NAMED}`],
        help: [
          'kubectl get pv',
          'iomesh-guard plan remove iomesh-cluster-1 prints all steps',
          'add an exception for IOM606 to the configuration (waivers.exceptions)',
        ],
        helpOmits: ['kubectl delete'],
      },
    ],
  },
  {
    name: 'denies the deletion of the ZookeeperCluster of a cluster that holds volumes',
    add: THREE,
    remove: ZOOKEEPER,
    denied: [
      {
        code: 'IOM606',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        says: [
          `IOMeshCluster iomesh-cluster-1/iomesh-cluster-1, which cannot run without ZookeeperCluster iomesh-cluster-1/iomesh-cluster-1-zookeeper, holds the data of ${NAMED}`,
        ],
        helpOmits: ['kubectl delete'],
      },
    ],
  },
  {
    name: 'denies the deletion of a ZookeeperCluster whose cluster is lost, but not its volumes',
    drop: [CLUSTER],
    config: { rules: { IOM504: 'off', IOM204: 'off' } },
    add: THREE,
    remove: ZOOKEEPER,
    denied: [{ code: 'IOM606', says: [`the cluster of ZookeeperCluster`, NAMED] }],
  },
  {
    name: 'allows the deletion of a ZookeeperCluster whose cluster is being deleted',
    edit: { [CLUSTER]: [['  name: iomesh-cluster-1\n', `  name: iomesh-cluster-1\n${BEING_DELETED}`]] },
    add: THREE,
    remove: ZOOKEEPER,
  },
  {
    name: 'denies the deletion of the ConfigMap of volumes',
    add: volume('pv-1', { class: 'iomesh-cluster-1', claim: 'default/db' }),
    remove: CONNECTION,
    denied: [
      {
        code: 'IOM606',
        object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        says: [
          'through ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap the CSI driver reaches 1 volume, 1 bound: default/db',
        ],
        help: ['keep the ConfigMap until these volumes are gone'],
      },
    ],
  },
  {
    name: 'denies the deletion of a ConfigMap whose class is gone, by the attributes of the volume',
    drop: [CLASS],
    add: volume('pv-1', {
      attributes: { clusterConnection: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' },
    }),
    remove: CONNECTION,
    denied: [{ code: 'IOM606', says: ['1 volume, none bound: pv-1'] }],
  },
  {
    name: 'denies the deletion of a ConfigMap whose class is gone, by the cluster of the volume',
    drop: [CLASS],
    add: volume('pv-1', { attributes: { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' } }),
    remove: CONNECTION,
    denied: [{ code: 'IOM606', says: ['1 volume, none bound: pv-1'] }],
  },
  {
    name: 'denies the deletion of a ConfigMap that may lead to a volume of a class that is gone',
    drop: [CLASS],
    add: volume('pv-1', { class: 'renamed', claim: 'default/db' }),
    remove: CONNECTION,
    denied: [
      {
        code: 'IOM606',
        says: ['it is unknown which cluster holds 1 volume, 1 bound: default/db'],
        help: ['find out which cluster holds them'],
      },
    ],
  },
  {
    name: 'allows the deletion of a ConfigMap from 1.1 on',
    config: { iomeshVersion: '1.1', rules: { IOM510: 'off' } },
    add: THREE,
    remove: CONNECTION,
  },
  {
    name: 'denies the deletion of a cluster that a class leads to',
    add: volume('pv-1', { class: 'iomesh-cluster-1' }),
    remove: CLUSTER,
    denied: [{ code: 'IOM606', says: ['1 volume, none bound: pv-1'] }],
  },
  {
    name: 'denies the deletion of a cluster that may hold a volume of a class that is gone',
    add: volume('pv-1', { class: 'renamed', claim: 'default/db' }),
    remove: CLUSTER,
    denied: [{ code: 'IOM606', says: ['it is unknown which cluster holds 1 volume, 1 bound: default/db'] }],
  },
  {
    name: 'allows the deletion of a cluster while another one holds volumes',
    add: volume('pv-1', { class: 'iomesh-default' }),
    remove: CLUSTER,
    warned: [{ code: 'IOM602' }],
  },
  {
    name: 'allows the deletion of a cluster while another driver has volumes',
    add: volume('pv-1', { class: 'iomesh-cluster-1', driver: 'other.example' }),
    remove: CLUSTER,
    warned: [{ code: 'IOM602' }],
  },
  {
    name: 'uses the provisioner of the configuration',
    drop: [CLASS, 'StorageClass/iomesh-default'],
    config: { provisioner: 'storage.example' },
    add: [
      storageClass('fast', { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' }, 'storage.example'),
      volume('pv-1', { class: 'fast', driver: 'storage.example' }),
    ].join('---\n'),
    remove: CLUSTER,
    denied: [{ code: 'IOM606', says: ['1 volume, none bound: pv-1'] }],
  },
  {
    name: 'allows the deletion of a ZookeeperCluster that is not of IOMesh',
    add: `${foreignZookeeper('apps/kafka-zookeeper')}---\n${volume('pv-1', { class: 'renamed' })}`,
    remove: 'ZookeeperCluster/kafka-zookeeper',
  },
  {
    name: 'allows the deletion with an exception of the configuration',
    config: exceptionFor('IOM606', 'ZookeeperCluster/iomesh-cluster-1/iomesh-cluster-1-zookeeper'),
    add: THREE,
    remove: ZOOKEEPER,
    waived: 1,
  },
  ...[
    { name: 'a wrong name', edit: ['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta'] as const },
    { name: 'another cluster', edit: [ADDRESS, 'iomesh-meta-client.iomesh-system'] as const },
    { name: 'no address', edit: [`  metaAddr: ${ADDRESS}.svc.cluster.local:10100\n`, ''] as const },
  ].map(
    ({ name, edit }): ChangeCase => ({
      name: `denies that a ConfigMap which only volumes use leads elsewhere: ${name}`,
      drop: [CLASS],
      config: { rules: { IOM204: 'off', IOM205: 'off', IOM206: 'off', IOM207: 'off' } },
      add: THREE,
      update: { [CONNECTION]: [edit] },
      denied: [
        {
          code: 'IOM606',
          object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
          severity: 'error',
          says: [
            'metaAddr of iomesh-cluster-1/iomesh-cluster-1-csi-configmap does not lead to "iomesh-cluster-1/iomesh-cluster-1" any more',
            `reaches ${NAMED}`,
          ],
          help: ['set data.metaAddr back to "iomesh-cluster-1-meta-client.', 'kubectl get pv'],
        },
      ],
    }),
  ),
  {
    name: 'denies that all data of such a ConfigMap is removed',
    drop: [CLASS],
    config: { rules: { IOM204: 'off', IOM205: 'off', IOM206: 'off', IOM207: 'off' } },
    add: THREE,
    update: {
      [CONNECTION]: [
        [
          `  clusterId: k8s-cluster\n  iscsiPortal: 127.0.0.1:3260\n  metaAddr: ${ADDRESS}.svc.cluster.local:10100\n`,
          '',
        ],
      ],
    },
    denied: [{ code: 'IOM606' }],
  },
  {
    name: 'allows the correction of a ConfigMap that leads to the cluster of another class',
    drop: [CLASS],
    edit: { [CONNECTION]: [[ADDRESS, 'iomesh-meta-client.iomesh-system']] },
    config: { rules: { IOM206: 'off' } },
    add: volume('pv-1', {
      attributes: { ...ON_POOL, clusterConnection: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' },
    }),
    update: { [CONNECTION]: [['iomesh-meta-client.iomesh-system', ADDRESS]] },
  },
  {
    name: 'allows the correction of an address of no cluster',
    drop: [CLASS],
    edit: { [CONNECTION]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
    add: THREE,
    update: { [CONNECTION]: [['iomesh-clutser-1-meta', 'iomesh-cluster-1-meta']] },
  },
  {
    name: 'allows another label of a ConfigMap that volumes use',
    drop: [CLASS],
    add: THREE,
    update: { [CONNECTION]: [['metadata:\n', 'metadata:\n  labels: {a: b}\n']] },
  },
  {
    name: 'allows that a ConfigMap leads elsewhere from 1.1 on',
    config: { iomeshVersion: '1.1', rules: { IOM204: 'off', IOM510: 'off' } },
    add: THREE,
    update: { [CONNECTION]: [['iomesh-cluster-1-meta', 'iomesh-clutser-1-meta']] },
  },
];
