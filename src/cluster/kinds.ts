import type { Kind } from '../core/base/model.ts';

/** How one kind is read from an apiserver. */
export interface LiveKind {
  readonly kind: Kind;
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Only names, labels and annotations matter: the rest is never asked for. */
  readonly metadataOnly: boolean;
  /** We can do without it: forbidden to us, it is unknown. */
  readonly optional: boolean;
  /**
   * The watch alone is good enough. A Node that joins or changes is judged by nobody, at whatever moment;
   * and a large cluster's are too many to be listed for every review.
   */
  readonly mayLag: boolean;
  /** Most objects in a page: whole ones may take 1 MiB each. */
  readonly pageSize: number;
}

function live(
  kind: Kind,
  apiVersion: string,
  plural: string,
  rest: Partial<Pick<LiveKind, 'namespaced' | 'metadataOnly' | 'optional' | 'mayLag' | 'pageSize'>> = {},
): LiveKind {
  return {
    kind,
    apiVersion,
    plural,
    namespaced: true,
    metadataOnly: false,
    optional: false,
    mayLag: false,
    pageSize: 500,
    ...rest,
  };
}

const clusterScoped = { namespaced: false } as const;

/** What an admission may depend on. */
export const WATCHED: readonly LiveKind[] = [
  live('IOMeshCluster', 'iomesh.com/v1alpha1', 'iomeshclusters'),
  live('ZookeeperCluster', 'zookeeper.pravega.io/v1beta1', 'zookeeperclusters'),
  live('StorageClass', 'storage.k8s.io/v1', 'storageclasses', clusterScoped),
  live('ConfigMap', 'v1', 'configmaps', { pageSize: 100 }),
  live('Namespace', 'v1', 'namespaces', { ...clusterScoped, metadataOnly: true }),
  live('Node', 'v1', 'nodes', { ...clusterScoped, metadataOnly: true, optional: true, mayLag: true }),
];

/** What an audit looks at besides. */
export const AUDITED: readonly LiveKind[] = [
  ...WATCHED,
  live('PersistentVolumeClaim', 'v1', 'persistentvolumeclaims', { optional: true }),
];

/** The path of all objects of a kind. */
export function collectionPath({ apiVersion, plural }: LiveKind): string {
  return `${apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`}/${plural}`;
}

/** The path of one object. */
export function objectPath(kind: LiveKind, namespace: string | undefined, name: string): string {
  const root = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${kind.plural}/${encodeURIComponent(name)}`;
}

const METADATA = 'g=meta.k8s.io;v=v1';

/** Media types: of one object and of a list, whole or metadata alone. */
export const ACCEPT = {
  whole: 'application/json',
  metadata: `application/json;as=PartialObjectMetadata;${METADATA}`,
  metadataList: `application/json;as=PartialObjectMetadataList;${METADATA}`,
} as const;
