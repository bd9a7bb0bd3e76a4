import type { Config } from '../../core/base/config.ts';
import { describe } from '../../core/base/model.ts';
import { World } from '../../core/world.ts';
import { mayHide } from '../../manifests/guess.ts';
import { lineColumn, type ManifestDocument, type ManifestFile } from '../../manifests/index.ts';
import { worldOf } from '../../manifests/world.ts';
import type { MapSource } from '../../report/map/source.ts';
import { count } from '../../report/summary.ts';
import { notInstalled, readLive } from '../cluster-read.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { readInput } from '../input.ts';

/** What a map is made of. */
export interface MapInput {
  readonly world: World;
  readonly source: MapSource;
  readonly notes: readonly string[];
  /** Each makes the run fail. */
  readonly problems: readonly string[];
  /** What was looked at, as the end of a sentence. */
  readonly lookedAt: string;
}

/** Problems that are told one by one. */
const MAX_PROBLEMS = 20;

/** The kinds that a map shows something of. */
const SHOWN: ReadonlySet<string> = new Set(['IOMeshCluster', 'ZookeeperCluster', 'Node']);

/** Reads manifests. What cannot be read becomes a problem, and is said on the map. */
export async function readFiles(paths: readonly string[], config: Config, io: Io): Promise<MapInput> {
  const { files, counts, problems, notes } = await readInput(paths, io, new Progress(io));
  const world = worldOf(files, config, io.today());
  const unread = files.flatMap(unreadDocuments);
  const twice = world.duplicates.filter(({ again }) => SHOWN.has(again.kind));
  const missing = [
    ...(problems.length > 0 ? ['Not all input could be read: clusters may be missing here.'] : []),
    ...(unread.length > 0
      ? [
          `${count(unread.length, 'document')} could not be read: what ${unread.length === 1 ? 'it holds' : 'they hold'} is missing here.`,
        ]
      : []),
    ...twice
      .slice(0, MAX_PROBLEMS)
      .map(({ again }) => `${describe(again.ref)} is there twice; the first one counts.`),
  ];
  const { objects } = counts;
  return {
    world,
    source: { from: { kind: 'files', files: counts.files, objects }, missing },
    notes,
    problems: [...problems, ...bounded(unread)],
    lookedAt: count(counts.files, 'file'),
  };
}

/** Reads a live cluster. Rejects with a UsageError where it cannot be read. */
export async function readCluster(options: ClusterOptions, config: Config, io: Io): Promise<MapInput> {
  const live = await readLive(options);
  const { server, context, resources, forbidden, notes } = live;
  const hidden = forbidden.some(({ kind }) => kind.kind === 'Node');
  return {
    world: World.of({ resources, config, today: io.today() }),
    source: {
      from: { kind: 'cluster', server, context },
      missing: hidden ? ['Nodes may not be listed in this cluster.'] : [],
    },
    notes,
    problems: [],
    lookedAt: `${server} (context ${context})${notInstalled(live)}`,
  };
}

/** The documents that may hold something for the map but could not be read, with the reason. */
function unreadDocuments(file: ManifestFile): string[] {
  return file.documents.filter(isMissed).map((document) => {
    const fault = file.faults.find(
      (each) => each.kind === 'syntax' && document.start <= each.start && each.start <= document.end,
    );
    const { line, column } = lineColumn(file, fault?.start ?? document.start);
    return `cannot read ${file.name}:${line}:${column}: ${fault?.message ?? 'this document'}`;
  });
}

function isMissed(document: ManifestDocument): boolean {
  return mayHide(document, ({ kind }) => kind === undefined || SHOWN.has(kind));
}

function bounded(problems: readonly string[]): readonly string[] {
  const rest = problems.length - MAX_PROBLEMS;
  return rest > 0
    ? [
        ...problems.slice(0, MAX_PROBLEMS),
        `${rest} more documents could not be read; iomesh-guard lint tells them all`,
      ]
    : problems;
}
