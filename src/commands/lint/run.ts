import { dirname, relative } from 'node:path';
import { type ConfigFile, loadConfigFile } from '../../config/load.ts';
import { isAboutIomesh } from '../../core/iomesh/own-objects.ts';
import { judge, type JudgeResult } from '../../core/judge/judge.ts';
import type { World } from '../../core/world.ts';
import type { ManifestFile } from '../../manifests/types.ts';
import { worldOf } from '../../manifests/world.ts';
import { count } from '../../report/summary.ts';
import type { Arguments } from '../command.ts';
import { conclude } from '../findings/conclude.ts';
import type { Io } from '../io.ts';
import type { Input } from '../input.ts';
import { showConfig } from '../show-config.ts';
import { showFiles } from '../show-files.ts';
import { versionNotes } from '../version-note.ts';
import { valuesHints } from '../values/hints.ts';
import { fileSelection } from '../shared-options.ts';
import { readInputWithValues } from '../values/input.ts';
import { completedNotes } from './completed-note.ts';
import { type LintOptions, lintOptions } from './options.ts';

/** Reads the input, checks it and reports the findings. Returns the exit code. */
export async function runLint(args: Arguments, io: Io): Promise<number> {
  const options = lintOptions(args, io.cwd);
  const start = io.clock();
  const configFile = loadConfigFile(options.config, io.cwd);
  const { config } = configFile;
  const selection = {
    ...fileSelection(options.selection, configFile, io.cwd),
    allowEmpty: options.allowEmpty,
  };
  if (options.showConfig) return showConfig(configFile, io);
  if (options.showFiles) return showFiles(options.paths, selection, io);
  const { input, more } = await readInputWithValues(options.paths, selection, options.values, config, io);
  const context =
    options.cluster && (await (await import('./context.ts')).openContext(options.cluster, config, io));
  const worldOfFiles = (files: readonly ManifestFile[]): World =>
    worldOf(files, config, io.today(), 'lint', more(files));
  const judgeFiles = (files: readonly ManifestFile[]): JudgeResult =>
    (context?.judge ?? judge)(worldOfFiles(files));
  const world = worldOfFiles(input.files);
  const judgement = (context?.judge ?? judge)(world);
  const hints = valuesHints(input.skippedValues, options.values, io.cwd);
  const decided = [...(context?.notes ?? versionNotes(world)), ...completedNotes(world)];
  const notes = [...configNotes(configFile, io.cwd), ...input.notes, ...hints, ...decided];
  const unread = [...input.unread, ...(context?.unread ?? [])];
  const problems = isEmpty(input, world, options) ? [...input.problems, emptyMessage(input)] : input.problems;
  const examined = { ...input, notes, problems, unread };
  if (options.fixes.mode === undefined) return conclude(judgement, examined, options, start, io);
  const { fixFiles, showDiff } = await import('./fix/fix-files.ts');
  const fixInput = { ...input, judgement, judge: judgeFiles };
  if (options.fixes.mode === 'diff') return showDiff(fixInput, options.fixes, examined, io);
  const fixed = fixFiles(fixInput, options.fixes);
  const after = { notes: [...notes, ...fixed.notes], problems: [...problems, ...fixed.problems] };
  return conclude(fixed.judgement, { ...examined, ...after }, options, start, io);
}

/** Says which configuration is used, unless it is in the working directory or named. */
function configNotes({ path, isNamed }: ConfigFile, cwd: string): string[] {
  return path === undefined || isNamed || dirname(path) === cwd
    ? []
    : [`the configuration is ${relative(cwd, path)}`];
}

/** True if nothing of IOMesh was read, and nothing that could be. Nodes alone say nothing about IOMesh. */
function isEmpty(input: Input, world: World, options: LintOptions): boolean {
  return (
    !options.allowEmpty &&
    options.values.length === 0 &&
    input.problems.length === 0 &&
    input.files.every(({ errors }) => errors.length === 0) &&
    !world.resources.some((each) => each.kind !== 'Node' && isAboutIomesh(world, each))
  );
}

function emptyMessage({ counts }: Input): string {
  const other = counts.foreign + counts.objects;
  const others = other > 0 ? ` (only ${count(other, 'other object')})` : '';
  return `no IOMesh objects found in ${count(counts.files, 'file')}${others}; check the path, or add --allow-empty`;
}
