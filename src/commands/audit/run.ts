import { delayOptimization, restoreOptimization } from '../../optimization.ts';
import { judge, labelWorld } from '../../core/judge/judge.ts';
import { auditedWorld } from '../../standing/audited-world.ts';
import { AUDITED } from '../../cluster/kinds.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { hasIomeshObjects, type LiveCluster, liveClusterText, readLiveCluster } from '../live-cluster.ts';
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
  const problems =
    options.allowEmpty || hasIomeshObjects(live, config)
      ? []
      : [`no IOMesh objects found in ${liveClusterText(live)}; check the context, or add --allow-empty`];
  const read = [...live.notes, auditedText(live, new Date())];
  if (options.watch && problems.length === 0) {
    for (const note of read) io.stderr.write(`note: ${sanitize(note)}\n`);
    return await (await import('./watch-findings.ts')).watchFindings(options, config, io);
  }
  const { resources, definition } = live;
  const world = auditedWorld({ resources, definition, config, today: io.today() });
  delayOptimization();
  const judgement = judge(world);
  restoreOptimization();
  const counts = { files: 0, documents: 0, objects: resources.length, foreign: 0, notKubernetes: 0 };
  const notes = [...read, ...versionNotes(world)];
  const unread = live.forbidden.map(({ kind }) => kind.plural);
  const worlds = name === undefined ? undefined : [name];
  const examined = { counts, notes, problems, unread, worlds, isPart: name !== undefined };
  return conclude(labelWorld(judgement, name), examined, options, start, io);
}

/** Which cluster was read, when, and how many objects of each kind. */
function auditedText(live: LiveCluster, at: Date): string {
  const kinds = AUDITED.map(({ kind }) => kind);
  const counts = kinds.flatMap((kind) => {
    const number = live.resources.filter((each) => each.kind === kind).length;
    return number === 0
      ? []
      : [`${number} ${kind}${number === 1 ? '' : kind === 'StorageClass' ? 'es' : 's'}`];
  });
  const objects = counts.length === 0 ? 'no objects' : counts.join(', ');
  return `audited ${liveClusterText(live)} at ${at.toISOString()}: ${objects}`;
}
