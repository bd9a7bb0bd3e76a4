import { UsageError } from '../usage-error.ts';
import type { Config } from '../core/base/config.ts';
import { overlayFiles } from '../core/judge/overlay-files.ts';
import { KINDS } from '../core/base/model.ts';
import { World } from '../core/world.ts';
import type { FileSelection } from '../manifests/input-files.ts';
import { mayHaveObject } from '../manifests/guess-objects.ts';
import { KNOWN_KINDS, worldOf } from '../manifests/world.ts';
import type { Io } from './io.ts';
import { readLiveCluster } from './live-cluster.ts';
import type { ClusterOptions } from './shared-options.ts';
import { valuesHints } from './values/hints.ts';
import { readInputWithValues } from './values/input.ts';
import type { GivenValues } from './values/options.ts';

/** Where the existing objects are read from. */
export interface ExistingInput {
  /** Manifests; empty if only a live cluster is read. */
  readonly from: readonly string[];
  readonly values: readonly GivenValues[];
  readonly selection: FileSelection;
  readonly cluster: ClusterOptions | undefined;
}

/** The existing objects, and notes about kinds that were not read. */
export interface ExistingObjects {
  readonly world: World;
  readonly notes: readonly string[];
  /** The kinds that were read completely, because a live cluster was read; empty without one. */
  readonly complete: ReadonlySet<string>;
}

/**
 * Reads manifests, Helm values and a live cluster as one world. Rejects with a UsageError if a part cannot be read,
 * because it may have objects that matter. `example` is a command for its hint, `risk` what the part may do.
 */
export async function readExisting(
  { from, values, selection, cluster }: ExistingInput,
  config: Config,
  io: Io,
  texts: { readonly example: string; readonly risk: string },
): Promise<ExistingObjects> {
  const live = cluster && (await readLiveCluster(cluster, config));
  const files = await readExistingFiles({ from, values, selection }, config, io, texts);
  const notes = [...(live?.notes ?? []), ...(files?.notes ?? [])];
  const hidden = new Set<string>(live?.forbidden.map(({ kind }) => kind.kind));
  const complete = new Set<string>(live === undefined ? [] : KINDS.filter((kind) => !hidden.has(kind)));
  if (files === undefined) {
    const { resources = [], definition } = live ?? {};
    const world = World.of({ resources, definition, config, today: io.today() });
    return { world, notes, complete };
  }
  const world = live ? overlayFiles(files.world, live) : files.world;
  return { world, notes, complete };
}

async function readExistingFiles(
  { from, values, selection }: Pick<ExistingInput, 'from' | 'values' | 'selection'>,
  config: Config,
  io: Io,
  { example, risk }: { readonly example: string; readonly risk: string },
): Promise<Omit<ExistingObjects, 'complete'> | undefined> {
  if (from.length === 0) return undefined;
  const { input, invalid, more } = await readInputWithValues(from, selection, values, config, io);
  const { files, notes } = input;
  const [problem, ...others] = [...input.problems, ...invalid];
  if (problem !== undefined)
    throw new UsageError(
      others.length === 0 ? problem : `${problem} (and ${others.length} more)`,
      `${example} --from PATH, or --context NAME for a live cluster`,
    );
  const unreadable = files.filter((file) =>
    file.documents.some((document) => mayHaveObject(document, mayBeKnownKind)),
  );
  if (unreadable[0] !== undefined)
    throw new UsageError(
      `${unreadable[0].name} has a document that cannot be read and that may ${risk}`,
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
  return kind === undefined || apiVersion === undefined || KNOWN_KINDS.isWanted(apiVersion, kind);
}
