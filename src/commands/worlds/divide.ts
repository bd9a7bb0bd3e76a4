import { dirname } from 'node:path';
import { type ConfigFile, isInside, nestedConfigFolder } from '../../config/load.ts';
import type { Config } from '../../core/base/config.ts';
import { isAboutIomesh } from '../../core/iomesh/own-objects.ts';
import type { World } from '../../core/world.ts';
import { IgnoreReader, isIgnored } from '../../manifests/ignored-paths.ts';
import type { ManifestFile } from '../../manifests/types.ts';
import { worldOf } from '../../manifests/world.ts';
import { UsageError } from '../../usage-error.ts';
import type { Input } from '../input.ts';
import type { Io } from '../io.ts';
import type { GivenValues } from '../values/options.ts';
import { addValues, type InputWithValues } from '../values/read.ts';
import { type ChosenWorld, declaredWorlds, worldsOfFolder } from './choose.ts';

/** One world of a run. */
export interface RunWorld {
  /** Undefined for the files that are in no declared world. */
  readonly name: string | undefined;
  /** The objects of its files. The files are those of the input, possibly with edited text. */
  worldOf(files: readonly ManifestFile[]): World;
}

/** The input of a run with its worlds. */
export interface DividedInput {
  readonly input: Input;
  readonly worlds: readonly RunWorld[];
  readonly values: readonly GivenValues[];
  /** True if the configuration has more worlds. */
  readonly isPart: boolean;
}

/** Divides the files of a run by world, and reads the Helm values of each. `given` are those of the command line. */
export async function divideInput(
  read: Input,
  given: readonly GivenValues[],
  configFile: ConfigFile,
  io: Io,
): Promise<DividedInput> {
  if (given.length > 0)
    throw new UsageError(
      '--values needs a world',
      'choose it with --world NAME, or list the file in `values` of the world',
    );
  const nested = new Map<string, readonly ChosenWorld[]>();
  for (const path of read.paths.values()) {
    const folder = nestedConfigFolder(dirname(path), io.cwd, configFile);
    if (folder !== undefined && !nested.has(folder))
      nested.set(folder, worldsOfFolder(folder, configFile, io));
  }
  const named = [...declaredWorlds(configFile, io), ...[...nested.values()].flat()];
  const excluded = await excludedFiles(read, named);
  let input = read;
  const worlds: RunWorld[] = [];
  const values: GivenValues[] = [];
  const taken = new Set(excluded);
  for (const each of named) {
    const own = read.files.flatMap((file, index) => {
      const path = read.paths.get(file);
      return path !== undefined && !excluded.has(file) && each.has(path) ? [index] : [];
    });
    for (const index of own) taken.add(read.files[index]!);
    if (own.length === 0 && !isAsked(each, read)) continue;
    const { config } = each.configFile;
    const added = await addValues(input, each.values, config, io, own);
    input = added.input;
    values.push(...each.values);
    worlds.push({ name: each.name, worldOf: partOf(own, config, added, io) });
  }
  const rest = read.files.flatMap((file, index) => (taken.has(file) ? [] : [index]));
  const inline = await addValues(input, [], configFile.config, io, rest);
  const restOf = partOf(rest, configFile.config, inline, io);
  const restWorld = restOf(read.files);
  if (
    rest.length > 0 &&
    (hasErrors(rest, read) || restWorld.resources.some((each) => isAboutIomesh(restWorld, each)))
  )
    worlds.push({ name: undefined, worldOf: restOf });
  const notes = [...nested].map(
    ([folder, [first]]) => `${first?.name ?? folder} is a world of its own, by its configuration`,
  );
  const isPart = configFile.worlds.some((each) => !worlds.some(({ name }) => name === each.name));
  return { input: { ...input, notes: [...notes, ...input.notes] }, worlds, values, isPart };
}

/** The world of the files at some indexes, with the Helm values that were added for it. */
function partOf(
  indexes: readonly number[],
  config: Config,
  { more }: Pick<InputWithValues, 'more'>,
  io: Io,
): RunWorld['worldOf'] {
  return (files) =>
    worldOf(
      indexes.map((index) => files[index]!),
      config,
      io.today(),
      'lint',
      more(files),
    );
}

/** True if a world without files of IOMesh is below a directory that the command line names, or around it. */
function isAsked({ paths, values, configFile }: ChosenWorld, { roots }: Input): boolean {
  const isDeclared =
    values.length > 0 || configFile.path === undefined || !paths.includes(dirname(configFile.path));
  return (
    isDeclared && roots.some((root) => paths.some((path) => isInside(root, path) || isInside(path, root)))
  );
}

function hasErrors(indexes: readonly number[], { files }: Input): boolean {
  return indexes.some((index) => files[index]!.errors.length > 0);
}

/** The files that the configuration of their own directory excludes. */
async function excludedFiles(
  { files, paths }: Input,
  worlds: readonly ChosenWorld[],
): Promise<ReadonlySet<ManifestFile>> {
  const excluding = worlds.filter(({ configFile }) => configFile.exclude.length > 0);
  if (excluding.length === 0) return new Set();
  const reader = await IgnoreReader.load();
  const matchers = excluding.map((world) => ({
    world,
    matchers: world.configFile.exclude.map((list) => reader.matcher(list)),
  }));
  return new Set(
    files.filter((file) => {
      const path = paths.get(file);
      return (
        path !== undefined &&
        matchers.some((each) => each.world.has(path) && isIgnored(each.matchers, path, false))
      );
    }),
  );
}
