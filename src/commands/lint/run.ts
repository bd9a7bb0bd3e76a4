import { resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { judge, type JudgeResult } from '../../core/judge/judge.ts';
import type { ManifestFile } from '../../manifests/types.ts';
import { worldOf } from '../../manifests/world.ts';
import { count } from '../../report/summary.ts';
import type { Arguments } from '../command.ts';
import { conclude } from '../findings/conclude.ts';
import type { Io } from '../io.ts';
import { type Input, readInput } from '../input.ts';
import { type GivenValues, type LintOptions, lintOptions } from './options.ts';

/** Reads the input, checks it and reports the findings. Returns the exit code. */
export async function runLint(args: Arguments, io: Io): Promise<number> {
  const options = lintOptions(args, io.cwd);
  const start = io.clock();
  const config = loadConfig(options.config, io.cwd);
  const read = await readInput(options.paths, io);
  const values =
    options.values.length === 0
      ? undefined
      : await (await import('./helm.ts')).addValues(read, options.values, config, io);
  const input = values?.input ?? read;
  const context =
    options.cluster && (await (await import('./context.ts')).openContext(options.cluster, config, io));
  const judgeFiles = (files: readonly ManifestFile[]): JudgeResult =>
    (context?.judge ?? judge)(worldOf(files, config, io.today(), 'lint', values?.more(files)));
  const judgement = judgeFiles(input.files);
  const hints = valuesHints(input.skippedValues, options.values, io.cwd);
  const notes = [...input.notes, ...hints, ...(context?.notes ?? [])];
  const unread = [...input.unread, ...(context?.unread ?? [])];
  const problems = isEmpty(input, options) ? [...input.problems, emptyMessage(input)] : input.problems;
  const examined = { ...input, notes, problems, unread };
  if (options.fixes.mode === undefined) return conclude(judgement, examined, options, start, io);
  const { fixFiles, showDiff } = await import('./fix/fix-files.ts');
  const fixInput = { ...input, judgement, judge: judgeFiles };
  if (options.fixes.mode === 'diff') return showDiff(fixInput, options.fixes, examined, io);
  const fixed = fixFiles(fixInput, options.fixes);
  const after = { notes: [...notes, ...fixed.notes], problems: [...problems, ...fixed.problems] };
  return conclude(fixed.judgement, { ...examined, ...after }, options, start, io);
}

function isEmpty(input: Input, options: LintOptions): boolean {
  return (
    !options.allowEmpty &&
    options.values.length === 0 &&
    input.counts.objects === 0 &&
    input.files.length === 0 &&
    input.problems.length === 0
  );
}

function emptyMessage({ counts }: Input): string {
  const others = counts.foreign > 0 ? ` (only ${count(counts.foreign, 'object')} of other kinds)` : '';
  return `no IOMesh objects found in ${count(counts.files, 'file')}${others}; check the path, or add --allow-empty`;
}

const MAX_HINTS = 3;

/** Notes about skipped files that look like Helm values of IOMesh, except those of `--values`. */
function valuesHints(
  skipped: readonly string[],
  given: readonly GivenValues[],
  cwd: string,
): readonly string[] {
  const checked = new Set(given.map(({ file }) => resolve(cwd, file)));
  const others = skipped.filter((name) => !checked.has(resolve(cwd, name)));
  const rest = others.length - MAX_HINTS;
  return [
    ...others
      .slice(0, MAX_HINTS)
      .map(
        (name) => `${name} looks like Helm values of IOMesh and was skipped; check it with --values ${name}`,
      ),
    ...(rest > 0
      ? [`${count(rest, 'more file')} ${rest === 1 ? 'looks' : 'look'} like Helm values of IOMesh`]
      : []),
  ];
}
