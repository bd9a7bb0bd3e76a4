import type { Resource } from '../core/base/model.ts';
import { isIomeshClass, parameter } from '../core/iomesh/storage-class.ts';
import { type Api, reasonOf, statusOf } from './api.ts';
import { ACCEPT, AUDITED, type LiveKind } from './kinds.ts';
import { listPages } from './pages.ts';
import { toEntry } from './slim.ts';

/** All a cluster holds that the rules know. */
export interface Snapshot {
  readonly resources: readonly Resource[];
  /** Kinds that are not installed. */
  readonly absent: readonly LiveKind[];
  /** Kinds that may not be listed, and why; what needs them was not judged. */
  readonly forbidden: readonly { readonly kind: LiveKind; readonly reason: string }[];
}

/** What could not be read of a cluster, so that nothing can be said of it. */
export class ClusterUnreadable extends Error {
  constructor(kind: LiveKind, server: string, reason: string) {
    super(`${kind.plural} cannot be read from ${server}: ${reason}`);
    this.name = 'ClusterUnreadable';
  }
}

/**
 * Reads a cluster once: of ConfigMaps the connections, of the other kinds all. Rejects with
 * {@link ClusterUnreadable} where a kind that is needed cannot be read.
 */
export async function readCluster(api: Api, signal: AbortSignal): Promise<Snapshot> {
  const absent: LiveKind[] = [];
  const forbidden: { kind: LiveKind; reason: string }[] = [];
  const read = async (kind: LiveKind, isNamed: (key: string) => boolean): Promise<Resource[]> => {
    let resources: Resource[] = [];
    const accept = kind.metadataOnly ? ACCEPT.metadataList : ACCEPT.whole;
    try {
      await listPages(
        api,
        kind,
        { accept, pageSize: kind.pageSize, signal },
        () => {
          resources = [];
        },
        (item) => {
          const entry = toEntry(kind, item, isNamed);
          if (entry?.whole === true) resources.push(entry.resource);
        },
      );
    } catch (error) {
      if (statusOf(error) === 404) absent.push(kind);
      else if (statusOf(error) === 403 && kind.optional) forbidden.push({ kind, reason: reasonOf(error) });
      else
        throw new ClusterUnreadable(kind, api.server, signal.aborted ? 'no answer in time' : reasonOf(error));
      return [];
    }
    return resources;
  };
  // Classes come first: they name ConfigMaps, and those count whatever they hold.
  const [first, ...others] = [...AUDITED].sort((a, b) => rank(a) - rank(b)) as [LiveKind, ...LiveKind[]];
  const classes = await read(first, () => false);
  const named = new Set(
    classes.flatMap((each) => (isIomeshClass(each) ? (parameter(each, 'clusterConnection') ?? []) : [])),
  );
  const rest = await Promise.all(others.map((kind) => read(kind, (key) => named.has(key))));
  return { resources: [...classes, ...rest.flat()], absent, forbidden };
}

function rank({ kind }: LiveKind): number {
  return kind === 'StorageClass' ? 0 : 1;
}
