import { UsageError } from '../../usage-error.ts';
import type { Config } from '../../core/base/config.ts';
import { overlayFiles } from '../../core/judge/overlay-files.ts';
import { kindOf } from '../../core/base/model.ts';
import { World } from '../../core/world.ts';
import { mayHide } from '../../manifests/guess.ts';
import { worldOf } from '../../manifests/world.ts';
import { readLive } from '../cluster-read.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { readInput } from '../input.ts';
import type { NewOptions } from './options.ts';

/** What is there already, and what was not looked at. */
export interface Existing {
  readonly world: World;
  readonly notes: readonly string[];
}

/**
 * Reads manifests, a live cluster, or both as one world. Rejects with a UsageError where a part cannot be
 * read: it might claim the very nodes that are asked for.
 */
export async function readExisting({ from, cluster }: NewOptions, config: Config, io: Io): Promise<Existing> {
  const live = cluster && (await readLive(cluster));
  const files = await readFiles(from, config, io);
  const notes = [...(live?.notes ?? []), ...(files?.notes ?? [])];
  if (files === undefined)
    return { world: World.of({ resources: live?.resources ?? [], config, today: io.today() }), notes };
  const world = live ? overlayFiles(files.world, live.resources, live.namespace) : files.world;
  return { world, notes };
}

async function readFiles(from: readonly string[], config: Config, io: Io): Promise<Existing | undefined> {
  if (from.length === 0) return undefined;
  const { files, problems, notes } = await readInput(from, io, new Progress(io));
  const [problem, ...more] = problems;
  if (problem !== undefined)
    throw new UsageError(
      more.length === 0 ? problem : `${problem}; and ${more.length} more like it`,
      'name the manifests that are there with --from, or a cluster with --context',
    );
  const unreadable = files.filter((file) => file.documents.some((document) => mayHide(document, mayBeOurs)));
  if (unreadable[0] !== undefined)
    throw new UsageError(
      `${unreadable[0].name} holds a document that cannot be read`,
      'iomesh-guard lint says where; it may hold a cluster that has these nodes',
    );
  return { world: worldOf(files, config, io.today()), notes };
}

function mayBeOurs({
  apiVersion,
  kind,
}: {
  apiVersion?: string | undefined;
  kind?: string | undefined;
}): boolean {
  return kind === undefined || apiVersion === undefined || kindOf(apiVersion, kind) !== undefined;
}
