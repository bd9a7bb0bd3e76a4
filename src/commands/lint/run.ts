import { loadConfig } from '../../config/load.ts';
import { judge, type Judgement } from '../../core/judge.ts';
import { withFixesAsWritten } from '../../manifests/as-written.ts';
import type { ManifestFile } from '../../manifests/index.ts';
import { worldOf } from '../../manifests/world.ts';
import { count } from '../../report/summary.ts';
import type { Arguments } from '../command.ts';
import { conclude } from '../findings/conclude.ts';
import type { Io } from '../io.ts';
import { type LintOptions, lintOptions } from './options.ts';
import { Progress } from './progress.ts';
import { type Input, readInput } from './read.ts';

/** Reads, judges and reports; gives the exit code. */
export async function runLint(args: Arguments, io: Io): Promise<number> {
  const options = lintOptions(args, io.cwd);
  const start = io.clock();
  const config = loadConfig(options.config, io.cwd);
  const input = await readInput(options.paths, io, new Progress(io));
  const context =
    options.cluster && (await (await import('./context.ts')).openContext(options.cluster, config, io));
  const judgement = (context?.judge ?? judge)(worldOf(input.files, config, io.today()));
  const notes = [...input.notes, ...(context?.notes ?? [])];
  const unread = [...input.unread, ...(context?.unread ?? [])];
  const problems = isEmpty(input, options) ? [...input.problems, emptyMessage(input)] : input.problems;
  return conclude(judgement, { ...input, notes, problems, unread }, options, start, io);
}

function isEmpty(input: Input, options: LintOptions): boolean {
  return (
    !options.allowEmpty &&
    input.counts.objects === 0 &&
    input.files.length === 0 &&
    input.problems.length === 0
  );
}

function emptyMessage({ counts }: Input): string {
  const others = counts.foreign > 0 ? `, only ${count(counts.foreign, 'object')} of other kinds` : '';
  return `nothing of IOMesh was found in ${count(counts.files, 'file')}${others}; is this the right place? --allow-empty accepts it`;
}
