import { judge, labelWorld } from '../../core/judge/judge.ts';
import { World } from '../../core/world.ts';
import { hasIomeshObjects, liveClusterText, readLiveCluster } from '../live-cluster.ts';
import { count } from '../../report/summary.ts';
import type { Arguments } from '../command.ts';
import { conclude } from '../findings/conclude.ts';
import type { Io } from '../io.ts';
import { versionNotes } from '../version-note.ts';
import { configOfWorld } from '../worlds/one.ts';
import { auditOptions } from './options.ts';

/** Reads the cluster, checks it and reports the findings. Returns the exit code. */
export async function runAudit(args: Arguments, io: Io): Promise<number> {
  const options = auditOptions(args, io.cwd);
  const start = io.clock();
  const { config, name } = await configOfWorld(options, [], io);
  const live = await readLiveCluster(options, config);
  const { resources, definition } = live;
  const world = World.of({ resources, definition, config, today: io.today() });
  const judgement = judge(world);
  const counts = { files: 0, documents: 0, objects: resources.length, foreign: 0, notKubernetes: 0 };
  const problems =
    options.allowEmpty || hasIomeshObjects(live, config)
      ? []
      : [`no IOMesh objects found in ${liveClusterText(live)}; check the context, or add --allow-empty`];
  const read = `checked ${count(resources.length, 'object')} of ${liveClusterText(live)}`;
  const notes = [...live.notes, read, ...versionNotes(world)];
  const unread = live.forbidden.map(({ kind }) => kind.plural);
  const worlds = name === undefined ? undefined : [name];
  const examined = { counts, notes, problems, unread, worlds, isPart: name !== undefined };
  return conclude(labelWorld(judgement, name), examined, options, start, io);
}
