import { judgeIntroduced } from '../../core/judge/introduced.ts';
import type { JudgeResult } from '../../core/judge/judge.ts';
import type { Config } from '../../core/base/config.ts';
import { overlayFiles } from '../../core/judge/overlay-files.ts';
import { World } from '../../core/world.ts';
import { count } from '../../report/summary.ts';
import type { Io } from '../io.ts';
import { hasIomeshObjects, liveClusterText, readLiveCluster } from '../live-cluster.ts';
import { versionNotes } from '../version-note.ts';
import type { ClusterOptions } from '../shared-options.ts';

/** A live cluster that the files change. */
export interface ClusterContext {
  /** Which cluster was read, and which kinds were not. */
  readonly notes: readonly string[];
  /** Kinds that may not be listed. */
  readonly unread: readonly string[];
  /** The findings that the files introduce into this cluster: see {@link judgeIntroduced}. */
  judge(files: World): JudgeResult;
}

/** Reads a live cluster. Rejects with a UsageError if it cannot be read: files are never checked against a part of it. */
export async function openContext(options: ClusterOptions, config: Config, io: Io): Promise<ClusterContext> {
  const live = await readLiveCluster(options, config);
  const { resources, definition } = live;
  const where = liveClusterText(live);
  const note = hasIomeshObjects(live, config)
    ? `checked together with ${count(resources.length, 'object')} of ${where}`
    : `no IOMesh objects found in ${where}; the files are checked alone`;
  const before = World.of({ resources, definition, config, today: io.today() });
  return {
    notes: [...live.notes, note, ...versionNotes(before)],
    unread: live.forbidden.map(({ kind }) => kind.plural),
    judge(files) {
      const after = overlayFiles(files, live);
      const { iomeshVersion } = after;
      // Both by the rules of one release of IOMesh.
      const cluster =
        iomeshVersion === before.iomeshVersion
          ? before
          : World.of({ resources, config: { ...config, iomeshVersion }, today: io.today() });
      return judgeIntroduced(cluster, after, ({ source }) => source !== undefined);
    },
  };
}
