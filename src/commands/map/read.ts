import type { Config } from '../../core/base/config.ts';
import { describe } from '../../core/base/model.ts';
import { World } from '../../core/world.ts';
import { mayHaveObject } from '../../manifests/guess-objects.ts';
import { lineColumn } from '../../manifests/locate.ts';
import type { FileSelection } from '../../manifests/input-files.ts';
import type { ManifestDocument, ManifestFile } from '../../manifests/types.ts';
import { worldOf } from '../../manifests/world.ts';
import type { MapSource } from '../../report/map/words.ts';
import { count } from '../../report/summary.ts';
import type { Io } from '../io.ts';
import { liveClusterText, readLiveCluster } from '../live-cluster.ts';
import type { ClusterOptions } from '../shared-options.ts';
import { valuesHints } from '../values/hints.ts';
import { readInputWithValues } from '../values/input.ts';
import type { MapOptions } from './options.ts';

/** The objects of a map, and where they come from. */
export interface MapInput {
  readonly world: World;
  readonly source: MapSource;
  readonly notes: readonly string[];
  /** Each makes the run fail. */
  readonly problems: readonly string[];
  /** The files or the cluster, for the end of a sentence. */
  readonly where: string;
}

/** How many documents are listed one by one. */
const MAX_PROBLEMS = 20;

/** The kinds that a map shows. */
const SHOWN: ReadonlySet<string> = new Set(['IOMeshCluster', 'ZookeeperCluster', 'Node']);

/** Reads manifests and Helm values. A file that cannot be read becomes a problem, and a note on the map. */
export async function readMapFiles(
  { paths, values }: Pick<MapOptions, 'paths' | 'values'>,
  selection: FileSelection,
  config: Config,
  io: Io,
): Promise<MapInput> {
  const { input, invalid, more } = await readInputWithValues(paths, selection, values, config, io);
  const { files, counts, problems, notes } = input;
  const world = worldOf(files, config, io.today(), 'lint', more(files));
  const unread = [...files.flatMap(unreadDocuments), ...invalid];
  const twice = world.duplicates.filter(({ again }) => SHOWN.has(again.kind));
  const missing = [
    ...(problems.length > 0 ? ['Some input could not be read, so clusters may be missing.'] : []),
    ...(unread.length > 0
      ? [
          `${count(unread.length, 'document')} could not be read, so ${unread.length === 1 ? 'its' : 'their'} objects are missing.`,
        ]
      : []),
    ...twice
      .slice(0, MAX_PROBLEMS)
      .map(({ again }) => `${describe(again.ref)} is defined twice; the first definition is used.`),
  ];
  const { objects } = counts;
  return {
    world,
    source: { from: { kind: 'files', files: counts.files, objects }, day: io.today(), missing },
    notes: [...notes, ...valuesHints(input.skippedValues, values, io.cwd)],
    problems: [...problems, ...firstOf(unread)],
    where: count(counts.files, 'file'),
  };
}

/** Reads a live cluster. Rejects with a UsageError if it cannot be read. */
export async function readMapCluster(options: ClusterOptions, config: Config, io: Io): Promise<MapInput> {
  const live = await readLiveCluster(options, config);
  const { server, context, resources, definition, forbidden, notes } = live;
  const hidden = forbidden.some(({ kind }) => kind.kind === 'Node');
  return {
    world: World.of({ resources, definition, config, today: io.today() }),
    source: {
      from: { kind: 'cluster', server, context },
      day: io.today(),
      missing: hidden ? ['Nodes could not be listed, because this user has no permission.'] : [],
    },
    notes,
    problems: [],
    where: liveClusterText(live),
  };
}

/** The documents that may have objects of the map but could not be read, with the reason. */
function unreadDocuments(file: ManifestFile): string[] {
  return file.documents.filter(mayHaveMapObject).map((document) => {
    const fault = file.errors.find(
      (each) => each.kind === 'syntax' && document.start <= each.start && each.start <= document.end,
    );
    const { line, column } = lineColumn(file, fault?.start ?? document.start);
    return `cannot read ${file.name}:${line}:${column}: ${fault?.message ?? 'this document'}`;
  });
}

function mayHaveMapObject(document: ManifestDocument): boolean {
  return mayHaveObject(document, ({ kind }) => kind === undefined || SHOWN.has(kind));
}

function firstOf(problems: readonly string[]): readonly string[] {
  const rest = problems.length - MAX_PROBLEMS;
  return rest > 0
    ? [
        ...problems.slice(0, MAX_PROBLEMS),
        `${rest} more documents could not be read; iomesh-guard lint lists them all`,
      ]
    : problems;
}
