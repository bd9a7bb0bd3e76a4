/** The components that run on the nodes of a cluster, in the order in which conflicts are reported. */
export const COMPONENTS = ['chunk', 'meta', 'redirector', 'zookeeper'] as const;
export type Component = (typeof COMPONENTS)[number];

/** The identity of an IOMesh cluster: namespace and name of its IOMeshCluster. */
export interface ClusterId {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`. */
export function clusterText(id: ClusterId): string {
  return `${id.namespace}/${id.name}`;
}

/** True for two identities of one cluster. */
export function sameCluster(a: ClusterId, b: ClusterId): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}
