import { connect } from '../cluster/connect.ts';
import { ClusterUnreadable, readCluster, type Snapshot } from '../cluster/snapshot.ts';
import { UsageError } from '../usage-error.ts';
import { isIomeshClass } from '../core/iomesh/storage-class.ts';
import type { ClusterOptions } from './cluster-options.ts';

/** Longest the reading of a whole cluster may take. */
const READ_MS = 300_000;

/** What a live cluster holds, and which one it is. */
export interface LiveCluster extends Snapshot {
  readonly server: string;
  readonly context: string;
  /** Where an object goes that names no namespace. */
  readonly namespace: string;
  /** What was not looked at, in plain words. */
  readonly notes: readonly string[];
}

/**
 * Reads the cluster that kubectl would talk to, or the one named. Rejects with a UsageError where it
 * cannot be read, wholly or in a part that is needed: nothing can then be said of it.
 */
export async function readLive(options: ClusterOptions): Promise<LiveCluster> {
  const api = await connect(options);
  try {
    const snapshot = await readCluster(api, AbortSignal.timeout(READ_MS));
    const notes = snapshot.forbidden.map(
      ({ kind, reason }) => `${kind.plural} were not looked at: ${reason}`,
    );
    const { server, context, namespace } = api;
    return { ...snapshot, server, context, namespace, notes };
  } catch (error) {
    if (!(error instanceof ClusterUnreadable)) throw error;
    throw new UsageError(error.message, 'nothing was judged; does kubectl reach this cluster as this user?');
  } finally {
    await api.close();
  }
}

/** True where a cluster holds something of IOMesh. Nodes, namespaces and claims there are in every cluster. */
export function holdsIomesh({ resources }: Pick<Snapshot, 'resources'>): boolean {
  const ours = new Set(['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap']);
  return resources.some((each) => ours.has(each.kind) || isIomeshClass(each));
}

/** Which kinds are not installed, as the end of a sentence; empty where all are. */
export function notInstalled({ absent }: Pick<Snapshot, 'absent'>): string {
  const kinds = absent.map(({ kind }) => kind);
  return kinds.length === 0
    ? ''
    : `, and ${kinds.join(' and ')} ${kinds.length === 1 ? 'is' : 'are'} not installed`;
}
