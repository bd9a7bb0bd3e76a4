import type { Config } from '../core/base/config.ts';
import type { Resource } from '../core/base/model.ts';
import { connectionsNamedBy } from '../core/iomesh/storage-class.ts';
import { type Api, reasonOf, statusOf } from './api.ts';
import { AUDITED, type LiveKind } from './kinds.ts';
import { listResources } from './list-resources.ts';
import { readServed } from './served-version.ts';
import { readDefinition } from './definition.ts';
import type { VersionEvidence } from '../core/base/version-evidence.ts';

/** All objects of a cluster that the rules read. */
export interface ClusterSnapshot {
  readonly resources: readonly Resource[];
  /** What the installed definition of IOMeshClusters shows, if it can be read. */
  readonly definition: VersionEvidence | undefined;
  /** Kinds that are not installed. */
  readonly absent: readonly LiveKind[];
  /** Kinds that may not be listed, with the reason. Rules that need them are skipped. */
  readonly forbidden: readonly { readonly kind: LiveKind; readonly reason: string }[];
}

/** A required kind could not be read, so the cluster cannot be evaluated. */
export class ClusterUnreadable extends Error {
  constructor(kind: LiveKind, server: string, reason: string) {
    super(`${kind.plural} cannot be read from ${server}: ${reason}`);
    this.name = 'ClusterUnreadable';
  }
}

/**
 * Reads all objects of a cluster once; of the ConfigMaps only connections. Rejects with
 * {@link ClusterUnreadable} if a required kind cannot be read.
 */
export async function readSnapshot(api: Api, config: Config, signal: AbortSignal): Promise<ClusterSnapshot> {
  const absentKinds = new Set<LiveKind>();
  const reasons = new Map<LiveKind, string>();
  const read = async (kind: LiveKind, isNamed: (key: string) => boolean): Promise<readonly Resource[]> => {
    try {
      const list = (each: LiveKind) => listResources(api, each, { isNamed, signal });
      const resources = await readServed(api, kind, signal, list);
      if (resources !== undefined) return resources;
      absentKinds.add(kind);
    } catch (error) {
      if (statusOf(error) !== 403 || !kind.optional)
        throw new ClusterUnreadable(kind, api.server, signal.aborted ? 'no answer in time' : reasonOf(error));
      reasons.set(kind, reasonOf(error));
    }
    return [];
  };
  // StorageClasses first: a ConfigMap that a class refers to is a connection whatever its content.
  const [first, ...others] = [...AUDITED].sort((a, b) => rank(a) - rank(b)) as [LiveKind, ...LiveKind[]];
  const [definition, classes] = await Promise.all([readDefinition(api, signal), read(first, () => false)]);
  const named = connectionsNamedBy(classes, config);
  const rest = await Promise.all(others.map((kind) => read(kind, (key) => named.has(key))));
  // In the order of the kinds, not of the answers: what is printed does not vary.
  const absent = AUDITED.filter((kind) => absentKinds.has(kind));
  const forbidden = AUDITED.flatMap((kind) => {
    const reason = reasons.get(kind);
    return reason === undefined ? [] : [{ kind, reason }];
  });
  return { resources: [...classes, ...rest.flat()], definition, absent, forbidden };
}

function rank({ kind }: LiveKind): number {
  return kind === 'StorageClass' ? 0 : 1;
}
