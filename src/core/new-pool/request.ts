import type { ClusterId } from '../iomesh/cluster.ts';

/** The pool that a user asks for. */
export interface PoolRequest {
  readonly name: string;
  readonly namespace: string;
  /** Names of nodes, as the user gave them. */
  readonly nodes: readonly string[];
  /** Undefined: that of the management cluster. */
  readonly dataCidr: string | undefined;
  readonly metaReplicas: 3 | 5;
  /** Undefined: one for each node, up to the limit of the edition. */
  readonly chunkReplicas: number | undefined;
}

/** A reason why a pool cannot be planned, and what to do. */
export interface Refusal {
  readonly message: string;
  readonly help?: string | undefined;
}

/** The number of ZooKeeper pods that one IOMesh cluster needs. */
export const ZOOKEEPER_REPLICAS = 3;

/** The identity of the requested cluster. */
export function requestedId({ namespace, name }: PoolRequest): ClusterId {
  return { namespace, name };
}

/** The name of the pool's connection ConfigMap. */
export function connectionName({ name }: PoolRequest): string {
  return `${name}-csi-configmap`;
}
