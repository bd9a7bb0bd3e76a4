/** What runs on a cluster's nodes, in the order a conflict is told by. */
export const COMPONENTS = ['chunk', 'meta', 'redirector', 'zookeeper'] as const;
export type Component = (typeof COMPONENTS)[number];

/** An IOMesh cluster's identity: the namespace and name of its IOMeshCluster. */
export interface ClusterId {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`. */
export function clusterText(id: ClusterId): string {
  return `${id.namespace}/${id.name}`;
}
