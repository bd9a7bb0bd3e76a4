import { baseDocuments, type ChangeCase, type Edits, type Expected, type LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const CONNECTION = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const NAME = '  name: iomesh-cluster-1\n';
const CONNECTION_NAME = '  name: iomesh-cluster-1-csi-configmap\n';
const DELETED = '  deletionTimestamp: "2026-11-23T10:00:00Z"\n';
const UID = '22222222-2222-2222-2222-222222222222';

/** The update that adds an owner to the pool's IOMeshCluster. */
function owned(kind: string, name: string, apiVersion = 'v1', uid = UID): Edits {
  const item = `{apiVersion: ${apiVersion}, kind: ${kind}, name: ${name}, uid: ${uid}}`;
  return { [CLUSTER]: [[NAME, `${NAME}  ownerReferences: [${item}]\n`]] };
}

/** Gives an object of the world the uid of the owner. */
function withUid(key: string): Edits {
  const name = `  name: ${key.split('/')[1]}\n`;
  return { [key]: [[name, `${name}  uid: ${UID}\n`]] };
}

const denied = (...says: string[]): readonly Expected[] => [
  {
    code: 'IOM608',
    object: 'iomesh-cluster-1/iomesh-cluster-1',
    path: 'metadata.ownerReferences[0]',
    severity: 'error',
    says,
    help: [
      'remove metadata.ownerReferences[0]',
      'add an exception for IOM608 to the configuration (waivers.exceptions)',
    ],
  },
];

export const lint: readonly LintCase[] = [];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies an owner that does not exist',
    update: owned('ConfigMap', 'none'),
    denied: denied('gets the owner ConfigMap "none", which does not exist in its namespace with this uid'),
  },
  {
    name: 'denies it also to a user who may delete the cluster',
    update: owned('ConfigMap', 'none'),
    mayDelete: true,
    denied: denied('does not exist'),
  },
  {
    name: 'denies an owner of another namespace',
    edit: withUid('ConfigMap/iomesh-csi-configmap'),
    update: owned('ConfigMap', 'iomesh-csi-configmap'),
    denied: denied('does not exist in its namespace'),
  },
  {
    name: 'denies an owner with the uid of a former object',
    edit: withUid(CONNECTION),
    update: owned('ConfigMap', 'iomesh-cluster-1-csi-configmap', 'v1', 'former'),
    denied: denied('with this uid'),
  },
  {
    name: 'denies an owner that is being deleted',
    edit: { [CONNECTION]: [[CONNECTION_NAME, `${CONNECTION_NAME}  uid: ${UID}\n${DELETED}`]] },
    update: owned('ConfigMap', 'iomesh-cluster-1-csi-configmap'),
    mayDelete: true,
    denied: denied('which is being deleted, so the garbage collector deletes the IOMeshCluster'),
  },
  {
    name: 'denies the deletion of the only owner of a cluster',
    edit: {
      ...withUid(CONNECTION),
      ...owned('ConfigMap', 'iomesh-cluster-1-csi-configmap'),
    },
    remove: CONNECTION,
    denied: [
      {
        code: 'IOM608',
        says: [
          'deletes IOMeshCluster iomesh-cluster-1/iomesh-cluster-1 with ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        ],
        help: ['remove the owner from metadata.ownerReferences of IOMeshCluster'],
      },
    ],
    warned: [{ code: 'IOM602' }],
  },
  {
    name: 'allows the deletion of one of two owners',
    edit: {
      ...withUid(CONNECTION),
      [CLUSTER]: [
        [
          NAME,
          `${NAME}  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: iomesh-cluster-1-csi-configmap, uid: ${UID}}, {apiVersion: v1, kind: Pod, name: a, uid: a}]\n`,
        ],
      ],
    },
    remove: CONNECTION,
    warned: [{ code: 'IOM602' }],
  },
  {
    name: 'denies an existing owner to a user who may not delete the cluster',
    edit: withUid(CONNECTION),
    update: owned('ConfigMap', 'iomesh-cluster-1-csi-configmap'),
    mayDelete: false,
    denied: denied('the user has no permission to delete it'),
  },
  {
    name: 'warns a user who may delete the cluster of an existing owner',
    edit: withUid(CONNECTION),
    update: owned('ConfigMap', 'iomesh-cluster-1-csi-configmap'),
    mayDelete: true,
    warned: [
      {
        code: 'IOM608',
        severity: 'warning',
        says: [
          'gets the owner ConfigMap "iomesh-cluster-1-csi-configmap", so the IOMeshCluster is deleted with it',
        ],
        help: ['remove metadata.ownerReferences[0]'],
      },
    ],
  },
  {
    name: 'denies an owner of an unknown kind to a user who may not delete the cluster',
    update: owned('Pod', 'none'),
    mayDelete: false,
    denied: denied('gets the owner Pod "none", so the garbage collector can delete it'),
  },
  {
    name: 'warns a user who may delete the cluster of an owner of an unknown kind',
    update: owned('Pod', 'none'),
    mayDelete: true,
    warned: [
      {
        code: 'IOM608',
        severity: 'warning',
        says: ['gets the owner Pod "none", of a kind that is not checked'],
      },
    ],
  },
  {
    name: 'denies the second of two owners',
    update: {
      [CLUSTER]: [
        [
          NAME,
          `${NAME}  ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: a}, {apiVersion: v1, kind: ConfigMap, name: none, uid: a}]\n`,
        ],
      ],
    },
    mayDelete: true,
    denied: [{ code: 'IOM608', path: 'metadata.ownerReferences[1]' }],
    warned: [{ code: 'IOM608', path: 'metadata.ownerReferences[0]' }],
  },
  {
    name: 'allows the IOMeshCluster as the owner of its ZookeeperCluster, whoever adds it',
    edit: withUid(CLUSTER),
    update: {
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        [
          '  name: iomesh-cluster-1-zookeeper\n',
          `  name: iomesh-cluster-1-zookeeper\n  ownerReferences: [{apiVersion: iomesh.com/v1alpha1, kind: IOMeshCluster, name: iomesh-cluster-1, uid: ${UID}}]\n`,
        ],
      ],
    },
    mayDelete: false,
  },
  {
    name: 'denies an owner of a connection',
    update: {
      [CONNECTION]: [
        [
          '  name: iomesh-cluster-1-csi-configmap\n',
          '  name: iomesh-cluster-1-csi-configmap\n  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: none, uid: a}]\n',
        ],
      ],
    },
    denied: [{ code: 'IOM608', object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' }],
  },
  {
    name: 'says nothing about an owner that the cluster had before',
    edit: {
      [CLUSTER]: [
        [NAME, `${NAME}  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: none, uid: a}]\n`],
      ],
    },
    update: { [CLUSTER]: [[NAME, `${NAME}  labels: {a: b}\n`]] },
    mayDelete: false,
  },
  {
    name: 'denies another owner under the uid of one that the cluster had before',
    edit: {
      [CLUSTER]: [[NAME, `${NAME}  ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: a}]\n`]],
    },
    update: { [CLUSTER]: [['kind: Pod', 'kind: ConfigMap']] },
    denied: denied('ConfigMap "a"'),
  },
  {
    name: 'warns of a new object whose owner does not exist',
    drop: [CONNECTION],
    create: baseDocuments()
      .get(CONNECTION)!
      .replace(
        'metadata:\n',
        'metadata:\n  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: none, uid: a}]\n',
      ),
    warned: [{ code: 'IOM608', object: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' }],
  },
];
