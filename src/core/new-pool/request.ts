import type { ClusterId } from '../iomesh/cluster.ts';

/** Another IOMesh cluster, as a person asks for it. */
export interface PoolRequest {
  readonly name: string;
  readonly namespace: string;
  /** Names of nodes, as given. */
  readonly nodes: readonly string[];
  /** Undefined: the management cluster's. */
  readonly dataCidr: string | undefined;
  readonly metaReplicas: 3 | 5;
  /** Undefined: one on each node, as far as the edition goes. */
  readonly chunkReplicas: number | undefined;
}

/** Why a pool cannot be made, and what to do about it. */
export interface Refusal {
  readonly message: string;
  readonly help?: string | undefined;
}

/** ZooKeeper's own number; more are of no use to one IOMesh cluster. */
export const ZOOKEEPER_REPLICAS = 3;

/** The identity of the cluster asked for. */
export function idOf({ namespace, name }: PoolRequest): ClusterId {
  return { namespace, name };
}

/** What the objects of a pool are called beside the pool itself. */
export function connectionName({ name }: PoolRequest): string {
  return `${name}-csi-configmap`;
}
