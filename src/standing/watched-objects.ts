import { looksLikeConnection } from '../cluster/cached-object.ts';
import type { LiveWorld } from '../cluster/live-world.ts';
import type { Resource } from '../core/base/model.ts';
import type { VersionEvidence } from '../core/base/version-evidence.ts';
import { connectionsNamedBy } from '../core/iomesh/storage-class.ts';

/** The part of a {@link LiveWorld} that a pass reads. */
export type WatchedWorld = Pick<LiveWorld, 'ready' | 'revision' | 'current'>;

/** The objects of the watched kinds that an audit reads: of the ConfigMaps only connections. */
export async function readWatched(
  source: WatchedWorld,
  signal: AbortSignal,
): Promise<{ readonly resources: readonly Resource[]; readonly definition: VersionEvidence | undefined }> {
  const world = await source.current(signal);
  const named = connectionsNamedBy(world.all('StorageClass'), world.config);
  const resources = world.resources.filter(
    ({ kind, json, ref }) =>
      kind !== 'ConfigMap' ||
      looksLikeConnection(ref.name, json) ||
      named.has(`${ref.namespace ?? ''}/${ref.name}`),
  );
  return { resources, definition: world.definition };
}
