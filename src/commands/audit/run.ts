import { loadConfig } from '../../config/load.ts';
import { judge } from '../../core/judge/judge.ts';
import { World } from '../../core/world.ts';
import { holdsIomesh, type LiveCluster, notInstalled, readLive } from '../cluster-read.ts';
import type { Arguments } from '../command.ts';
import { conclude } from '../findings/conclude.ts';
import type { Io } from '../io.ts';
import { auditOptions } from './options.ts';

/** Reads the cluster, judges and reports; gives the exit code. */
export async function runAudit(args: Arguments, io: Io): Promise<number> {
  const options = auditOptions(args, io.cwd);
  const start = io.clock();
  const config = loadConfig(options.config, io.cwd);
  const live = await readLive(options);
  const { resources, notes } = live;
  const judgement = judge(World.of({ resources, config, today: io.today() }));
  const counts = { files: 0, documents: 0, objects: resources.length, foreign: 0, notKubernetes: 0 };
  const problems = options.allowEmpty || holdsIomesh(live) ? [] : [emptyMessage(live)];
  const unread = live.forbidden.map(({ kind }) => kind.plural);
  return conclude(judgement, { counts, notes, problems, unread }, options, start, io);
}

function emptyMessage(live: LiveCluster): string {
  const { server, context } = live;
  return `nothing of IOMesh was found in ${server} (context ${context})${notInstalled(live)}; is this the right cluster? --allow-empty accepts it`;
}
