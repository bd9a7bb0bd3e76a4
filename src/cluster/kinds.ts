import type { Kind } from '../core/base/model.ts';

/** How one kind is read from an apiserver. */
export interface LiveKind {
  readonly kind: Kind;
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Only the metadata is requested. */
  readonly metadataOnly: boolean;
  /** Without permission to list the kind, rules that need it are skipped. */
  readonly optional: boolean;
  /**
   * The watch is sufficient, without a consistent list. Changes of Nodes are not admitted by this webhook,
   * and listing all Nodes for each review is too expensive.
   */
  readonly mayLag: boolean;
  /** Lists for a review have only the objects that can matter: see `ReadScope`. */
  readonly scoped: boolean;
  /** The largest number of objects in a page. */
  readonly pageSize: number;
  /** The number of objects in the first page, if complete; an object can have 1 MiB. */
  readonly firstPage: number;
}

function live(
  kind: Kind,
  apiVersion: string,
  plural: string,
  rest: Partial<
    Pick<LiveKind, 'namespaced' | 'metadataOnly' | 'optional' | 'mayLag' | 'scoped' | 'firstPage'>
  > = {},
): LiveKind {
  return {
    kind,
    apiVersion,
    plural,
    namespaced: true,
    metadataOnly: false,
    optional: false,
    mayLag: false,
    scoped: false,
    pageSize: 500,
    firstPage: 500,
    ...rest,
  };
}

const clusterScoped = { namespaced: false } as const;

/** The kinds that are needed to admit a change. */
export const WATCHED: readonly LiveKind[] = [
  live('IOMeshCluster', 'iomesh.com/v1alpha1', 'iomeshclusters'),
  live('ZookeeperCluster', 'zookeeper.pravega.io/v1beta1', 'zookeeperclusters'),
  live('StorageClass', 'storage.k8s.io/v1', 'storageclasses', clusterScoped),
  live('ConfigMap', 'v1', 'configmaps', { scoped: true, firstPage: 4 }),
  live('Namespace', 'v1', 'namespaces', { ...clusterScoped, metadataOnly: true }),
  live('Node', 'v1', 'nodes', { ...clusterScoped, metadataOnly: true, optional: true, mayLag: true }),
];

/** The volumes that a deletion would lose. They are listed for such a deletion only. */
export const VOLUMES: LiveKind = live('PersistentVolume', 'v1', 'persistentvolumes', {
  ...clusterScoped,
  optional: true,
});

/** The kinds that an audit reads. */
export const AUDITED: readonly LiveKind[] = [
  ...WATCHED,
  live('PersistentVolumeClaim', 'v1', 'persistentvolumeclaims', { optional: true }),
  VOLUMES,
];

/** The path of all objects of a kind, or of those in a namespace. */
export function collectionPath({ apiVersion, plural }: LiveKind, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${plural}`;
}

/** The path of one object. */
export function objectPath(kind: LiveKind, namespace: string | undefined, name: string): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

const METADATA = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** Media types of an object and of a list, complete or with metadata only; `names`: of which names and versions are read. */
export const ACCEPT = {
  whole: 'application/json',
  metadata: `application/json;${METADATA}`,
  metadataList: `application/json;${METADATA_LIST}`,
  names: `application/vnd.kubernetes.protobuf;${METADATA_LIST}, application/json;${METADATA_LIST}`,
} as const;

/** The media types of what the rules read of a kind: of one object, and of a list. */
export function readTypes({ metadataOnly }: Pick<LiveKind, 'metadataOnly'>): {
  readonly object: string;
  readonly list: string;
} {
  return metadataOnly
    ? { object: ACCEPT.metadata, list: ACCEPT.metadataList }
    : { object: ACCEPT.whole, list: ACCEPT.whole };
}
