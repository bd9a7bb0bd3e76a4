import type { Api } from '../../cluster/api.ts';
import { connect } from '../../cluster/connect.ts';
import { ClusterUnreadable, readCluster, type Snapshot } from '../../cluster/snapshot.ts';
import { loadConfig } from '../../config/load.ts';
import { UsageError } from '../../config/usage-error.ts';
import { judge } from '../../core/judge.ts';
import { isIomeshClass } from '../../core/storage-class.ts';
import { World } from '../../core/world.ts';
import type { Arguments } from '../command.ts';
import { conclude } from '../findings/conclude.ts';
import type { Io } from '../io.ts';
import { type AuditOptions, auditOptions } from './options.ts';

/** Longest the reading of a whole cluster may take. */
const READ_MS = 300_000;

/** Reads the cluster, judges and reports; gives the exit code. */
export async function runAudit(args: Arguments, io: Io): Promise<number> {
  const options = auditOptions(args, io.cwd);
  const start = io.clock();
  const config = loadConfig(options.config, io.cwd);
  const api = await connect(options);
  const snapshot = await read(api);
  const { resources } = snapshot;
  const judgement = judge(World.of({ resources, config, today: io.today() }));
  const counts = { files: 0, documents: 0, objects: resources.length, foreign: 0, notKubernetes: 0 };
  const problems = isEmpty(snapshot, options) ? [emptyMessage(snapshot, api)] : [];
  return conclude(judgement, { counts, notes: notesOf(snapshot), problems }, options, start, io);
}

async function read(api: Api): Promise<Snapshot> {
  try {
    return await readCluster(api, AbortSignal.timeout(READ_MS));
  } catch (error) {
    if (!(error instanceof ClusterUnreadable)) throw error;
    throw new UsageError(error.message, 'nothing was judged; does kubectl reach this cluster as this user?');
  } finally {
    await api.close();
  }
}

/** Nodes, namespaces and claims there are in every cluster. */
function isEmpty({ resources }: Snapshot, options: AuditOptions): boolean {
  const ours = new Set(['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap']);
  return !options.allowEmpty && !resources.some((each) => ours.has(each.kind) || isIomeshClass(each));
}

function emptyMessage({ absent }: Snapshot, { server, context }: Api): string {
  const kinds = absent.map(({ kind }) => kind);
  const missing =
    kinds.length === 0
      ? ''
      : `, and ${kinds.join(' and ')} ${kinds.length === 1 ? 'is' : 'are'} not installed`;
  return `nothing of IOMesh was found in ${server} (context ${context})${missing}; is this the right cluster? --allow-empty accepts it`;
}

function notesOf({ forbidden }: Snapshot): string[] {
  return forbidden.map(({ kind, reason }) => `${kind.plural} were not looked at: ${reason}`);
}
