import { openApi } from '../cluster/open.ts';
import { ClusterUnreadable, type ClusterSnapshot, readSnapshot } from '../cluster/snapshot.ts';
import type { Config } from '../core/base/config.ts';
import { restoreOptimization } from '../optimization.ts';
import { UsageError } from '../usage-error.ts';
import { isIomeshClass } from '../core/iomesh/storage-class.ts';
import type { ClusterOptions } from './shared-options.ts';

/** The longest time to read a whole cluster. */
const READ_MS = 300_000;

/** The objects of a live cluster, and which cluster it is. */
export interface LiveCluster extends ClusterSnapshot {
  readonly server: string;
  readonly context: string;
  /** The namespace of an object that names none. */
  readonly namespace: string;
  /** The kinds that were not read, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the cluster that kubectl uses, or the one that the flags name. Rejects with a UsageError if it, or a part
 * of it that the rules need, cannot be read.
 */
export async function readLiveCluster(options: ClusterOptions, config: Config): Promise<LiveCluster> {
  // The client library loads many modules of Node.
  restoreOptimization();
  const api = await openApi(options);
  try {
    const snapshot = await readSnapshot(api, config, AbortSignal.timeout(READ_MS));
    const notes = snapshot.forbidden.map(({ kind, reason }) => `${kind.plural} were not read: ${reason}`);
    const { server, context, namespace } = api;
    return { ...snapshot, server, context, namespace, notes };
  } catch (error) {
    if (!(error instanceof ClusterUnreadable)) throw error;
    throw new UsageError(
      error.message,
      'nothing was checked; test the access with kubectl get iomeshclusters --all-namespaces',
    );
  } finally {
    await api.close();
  }
}

/** True if a cluster has objects of IOMesh. Every cluster has nodes, namespaces and claims. */
export function hasIomeshObjects({ resources }: Pick<ClusterSnapshot, 'resources'>, config: Config): boolean {
  const kinds = new Set(['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap']);
  return resources.some((each) => kinds.has(each.kind) || isIomeshClass(each, config));
}

/** `https://10.0.0.1:6443 (context production, IOMeshCluster is not installed)`. */
export function liveClusterText({ server, context, absent }: LiveCluster): string {
  const kinds = absent.map(({ kind }) => kind);
  const missing =
    kinds.length === 0 ? '' : `, ${kinds.join(' and ')} ${kinds.length === 1 ? 'is' : 'are'} not installed`;
  return `${server} (context ${context}${missing})`;
}
