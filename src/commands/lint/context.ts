import type { Config } from '../../core/base/config.ts';
import { judgeBrought } from '../../core/judge/introduced.ts';
import { overlayFiles } from '../../core/judge/overlay-files.ts';
import type { Judgement } from '../../core/judge/judge.ts';
import { World } from '../../core/world.ts';
import { count } from '../../report/summary.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import { holdsIomesh, type LiveCluster, notInstalled, readLive } from '../cluster-read.ts';
import type { Io } from '../io.ts';

/** A cluster that files are judged against. */
export interface Context {
  /** What was and was not looked at. */
  readonly notes: readonly string[];
  /** Kinds that may not be listed. */
  readonly unread: readonly string[];
  /** What a world of files brings to this cluster: see {@link judgeBrought}. */
  judge(files: World): Judgement;
}

/**
 * Reads a live cluster as the world of files. Rejects with a UsageError where it cannot be read: files are
 * never judged against a part of it.
 */
export async function openContext(options: ClusterOptions, config: Config, io: Io): Promise<Context> {
  const live = await readLive(options);
  const { resources, namespace } = live;
  const before = World.of({ resources, config, today: io.today() });
  return {
    notes: [...live.notes, seen(live)],
    unread: live.forbidden.map(({ kind }) => kind.plural),
    judge: (files) =>
      judgeBrought(before, overlayFiles(files, resources, namespace), ({ source }) => source !== undefined),
  };
}

function seen(live: LiveCluster): string {
  const where = `${live.server} (context ${live.context})`;
  return holdsIomesh(live)
    ? `judged together with ${count(live.resources.length, 'object')} of ${where}`
    : `${where} holds nothing of IOMesh${notInstalled(live)}: the files are judged alone`;
}
