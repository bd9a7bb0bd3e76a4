import { dirname, relative } from 'node:path';
import { type ConfigFile, loadConfigOf, nestedConfigFolder } from '../../config/load.ts';
import { exactText } from '../../core/base/json.ts';
import { isAboutIomesh } from '../../core/iomesh/own-objects.ts';
import { judge, type JudgeResult, labelWorld } from '../../core/judge/judge.ts';
import type { World } from '../../core/world.ts';
import type { ManifestFile } from '../../manifests/types.ts';
import { type WorldAdditions, worldOf } from '../../manifests/world.ts';
import { restoreOptimization } from '../../optimization.ts';
import { count } from '../../report/summary.ts';
import type { Arguments } from '../command.ts';
import { conclude } from '../findings/conclude.ts';
import type { Io } from '../io.ts';
import { type Input, readInput } from '../input.ts';
import type { FileSelection } from '../../manifests/input-files.ts';
import type { DividedInput } from '../worlds/divide.ts';
import { showConfig } from '../show-config.ts';
import { showFiles } from '../show-files.ts';
import { versionNotes } from '../version-note.ts';
import { valuesHints } from '../values/hints.ts';
import { fileSelection } from '../shared-options.ts';
import { hasInlineValues, readInputWithValues } from '../values/input.ts';
import { valuesOf } from '../values/options.ts';
import { completedNotes } from './completed-note.ts';
import { type LintOptions, lintOptions } from './options.ts';

/** Reads the input, checks it and reports the findings. Returns the exit code. */
export async function runLint(args: Arguments, io: Io): Promise<number> {
  const options = lintOptions(args, io.cwd);
  const start = io.clock();
  const places = [...options.paths, ...options.kustomize];
  const wholeConfig = loadConfigOf(options.config, places, io.cwd);
  const isChoice =
    options.world !== undefined ||
    (wholeConfig.worlds.length > 0 && (options.cluster !== undefined || options.kustomize.length > 0));
  const choice = isChoice ? await import('../worlds/choose.ts') : undefined;
  const chosen = choice?.chooseWorld(options.world, places, wholeConfig, io);
  const configFile = chosen?.configFile ?? wholeConfig;
  const { config } = configFile;
  const all = {
    ...fileSelection(options.selection, configFile, io.cwd),
    hasWorlds: options.cluster === undefined,
    allowEmpty: options.allowEmpty,
    stdinFile: options.stdinFile,
  };
  const selection = chosen === undefined ? all : choice!.selectionOfWorld(chosen, all);
  const paths = chosen === undefined ? options.paths : choice!.pathsOfWorld(chosen, options.paths, io);
  if (options.showConfig) return showConfig(configFile, io);
  if (options.showFiles) return showFiles(paths, selection, io);
  const given = options.values.length > 0 ? options.values : (chosen?.values ?? valuesOf(configFile, io.cwd));
  const { input, worlds, values, isPart } = await readWorlds(
    { ...options, paths, values: given },
    selection,
    configFile,
    chosen?.name,
    io,
  );
  const context =
    options.cluster && (await (await import('./context.ts')).openContext(options.cluster, config, io));
  const judgeOne = (world: World, name: string | undefined): JudgeResult =>
    labelWorld((context?.judge ?? judge)(world), name);
  const judgeFiles = (files: readonly ManifestFile[]): JudgeResult =>
    joinResults(worlds.map((each) => judgeOne(each.worldOf(files), each.name)));
  const judged = worlds.map(({ name, worldOf: make }) => {
    const world = make(input.files);
    return { name, world, result: judgeOne(world, name) };
  });
  const judgement = joinResults(judged.map(({ result }) => result));
  // What comes now loads modules of Node, and the loader may write a code cache.
  restoreOptimization();
  const hints = valuesHints(input.skippedValues, values, io.cwd);
  const decided = judged.flatMap(({ name, world }) =>
    [...(context?.notes ?? versionNotes(world)), ...completedNotes(world), ...uncheckedNotes(world)].map(
      (note) => (name === undefined || judged.length === 1 ? note : `${name}: ${note}`),
    ),
  );
  const notes = [...configNotes(configFile, io.cwd), ...input.notes, ...hints, ...decided];
  const unread = [...input.unread, ...(context?.unread ?? [])];
  const isNothing = judged.every(({ world }) =>
    isEmpty(input, world, options.allowEmpty || values.length > 0),
  );
  const problems = isNothing ? [...input.problems, emptyMessage(input)] : input.problems;
  const names = worlds.map(({ name }) => name);
  const isNamed = names.some((name) => name !== undefined);
  const examined = { ...input, notes, problems, unread, worlds: isNamed ? names : undefined, isPart };
  if (options.fixes.mode === undefined) return conclude(judgement, examined, options, start, io);
  const { fixFiles, showDiff } = await import('./fix/fix-files.ts');
  const fixInput = { ...input, judgement, judge: judgeFiles };
  if (options.fixes.mode === 'diff') return showDiff(fixInput, options.fixes, examined, io);
  const fixed = fixFiles(fixInput, options.fixes);
  const after = { notes: [...notes, ...fixed.notes], problems: [...problems, ...fixed.problems] };
  return conclude(fixed.judgement, { ...examined, ...after }, options, start, io);
}

/** The input with its worlds: one, unless the configuration or a directory declares more. */
async function readWorlds(
  {
    paths,
    values,
    world,
    cluster,
    kustomize,
  }: Pick<LintOptions, 'paths' | 'values' | 'world' | 'cluster' | 'kustomize'>,
  selection: FileSelection,
  configFile: ConfigFile,
  name: string | undefined,
  io: Io,
): Promise<DividedInput> {
  const { config } = configFile;
  const isOne = name !== undefined || cluster !== undefined || kustomize.length > 0;
  if (isOne || (configFile.worlds.length === 0 && values.length > 0)) {
    const read = await readInputWithValues(paths, selection, values, config, io);
    const { input, additions } = await rendered(read.input, kustomize, io);
    const one = (files: readonly ManifestFile[]) =>
      worldOf(files, config, io.today(), 'lint', joinAdditions(read.more(files), additions));
    return { input, worlds: [{ name, worldOf: one }], values, isPart: world !== undefined };
  }
  const input = await readInput(paths, selection, io);
  if (configFile.worlds.length > 0 || isNested(input, configFile, io.cwd))
    return (await import('../worlds/divide.ts')).divideInput(input, values, configFile, io);
  const added = hasInlineValues(input)
    ? await (await import('../values/read.ts')).addValues(input, [], config, io)
    : undefined;
  const one = (files: readonly ManifestFile[]) =>
    worldOf(files, config, io.today(), 'lint', added?.more(files));
  const worlds = [{ name: undefined, worldOf: one }];
  return { input: added?.input ?? input, worlds, values, isPart: false };
}

/** The input with the objects of rendered kustomizations. */
async function rendered(
  input: Input,
  folders: readonly string[],
  io: Io,
): Promise<{ readonly input: Input; readonly additions: WorldAdditions | undefined }> {
  if (folders.length === 0) return { input, additions: undefined };
  return (await import('../kustomize/read.ts')).addKustomizations(input, folders, io);
}

function joinAdditions(
  values: WorldAdditions | undefined,
  additions: WorldAdditions | undefined,
): WorldAdditions | undefined {
  if (additions === undefined) return values;
  return { ...values, resources: [...(values?.resources ?? []), ...(additions.resources ?? [])] };
}

/** True if a directory of the files has a configuration of its own. */
function isNested({ paths }: Input, configFile: ConfigFile, cwd: string): boolean {
  const folders = new Set([...paths.values()].map((path) => dirname(path)));
  return [...folders].some((folder) => nestedConfigFolder(folder, cwd, configFile) !== undefined);
}

/** A note about objects that differ from an earlier one of the same name: only that one is checked. */
function uncheckedNotes({ duplicates }: World): string[] {
  const others = duplicates.filter(({ first, again }) => exactText(first.json) !== exactText(again.json));
  if (others.length === 0) return [];
  const verb = others.length === 1 ? 'was' : 'were';
  return [
    `${count(others.length, 'object')} ${verb} not checked, because another one has the same name (IOM008)`,
  ];
}

/** The findings of all worlds. */
function joinResults(results: readonly JudgeResult[]): JudgeResult {
  const [first] = results;
  if (first !== undefined && results.length === 1) return first;
  return {
    findings: results.flatMap(({ findings }) => findings),
    waived: results.flatMap(({ waived }) => waived),
  };
}

/** Says which configuration is used, unless it is in the working directory or named. */
function configNotes({ path, isNamed }: ConfigFile, cwd: string): string[] {
  return path === undefined || isNamed || dirname(path) === cwd
    ? []
    : [`the configuration is ${relative(cwd, path)}`];
}

/** True if nothing of IOMesh was read, and nothing that could be. Nodes alone say nothing about IOMesh. */
function isEmpty(input: Input, world: World, isAllowed: boolean): boolean {
  return (
    !isAllowed &&
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
