import { UsageError } from '../../usage-error.ts';
import type { Config } from '../../core/base/config.ts';
import { overlayFiles } from '../../core/judge/overlay-files.ts';
import { World } from '../../core/world.ts';
import { mayHaveObject } from '../../manifests/guess-objects.ts';
import { isKnownKind, worldOf } from '../../manifests/world.ts';
import type { Io } from '../io.ts';
import { readLiveCluster } from '../live-cluster.ts';
import { valuesHints } from '../values/hints.ts';
import { readInputWithValues } from '../values/input.ts';
import type { NewPoolOptions } from './options.ts';

/** The existing objects, and notes about kinds that were not read. */
export interface ExistingObjects {
  readonly world: World;
  readonly notes: readonly string[];
}

/**
 * Reads manifests, Helm values and a live cluster as one world. Rejects with a UsageError if a part cannot be read,
 * because it may claim the nodes of the new pool.
 */
export async function readExisting(
  { from, values, cluster }: NewPoolOptions,
  config: Config,
  io: Io,
): Promise<ExistingObjects> {
  const live = cluster && (await readLiveCluster(cluster, config));
  const files = await readExistingFiles({ from, values }, config, io);
  const notes = [...(live?.notes ?? []), ...(files?.notes ?? [])];
  if (files === undefined)
    return { world: World.of({ resources: live?.resources ?? [], config, today: io.today() }), notes };
  const world = live ? overlayFiles(files.world, live.resources, live.namespace) : files.world;
  return { world, notes };
}

async function readExistingFiles(
  { from, values }: Pick<NewPoolOptions, 'from' | 'values'>,
  config: Config,
  io: Io,
): Promise<ExistingObjects | undefined> {
  if (from.length === 0) return undefined;
  const { input, invalid, more } = await readInputWithValues(from, values, config, io);
  const { files, notes } = input;
  const [problem, ...others] = [...input.problems, ...invalid];
  if (problem !== undefined)
    throw new UsageError(
      others.length === 0 ? problem : `${problem} (and ${others.length} more)`,
      'iomesh-guard new pool NAME --nodes NODE,NODE,NODE --from PATH, or --context NAME for a live cluster',
    );
  const unreadable = files.filter((file) =>
    file.documents.some((document) => mayHaveObject(document, mayBeKnownKind)),
  );
  if (unreadable[0] !== undefined)
    throw new UsageError(
      `${unreadable[0].name} has a document that cannot be read and that may claim these nodes`,
      `iomesh-guard lint ${unreadable[0].name}`,
    );
  return {
    world: worldOf(files, config, io.today(), 'lint', more(files)),
    notes: [...notes, ...valuesHints(input.skippedValues, values, io.cwd)],
  };
}

function mayBeKnownKind({
  apiVersion,
  kind,
}: {
  apiVersion?: string | undefined;
  kind?: string | undefined;
}): boolean {
  return kind === undefined || apiVersion === undefined || isKnownKind(apiVersion, kind);
}
