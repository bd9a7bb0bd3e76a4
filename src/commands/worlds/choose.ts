import { dirname, relative, resolve } from 'node:path';
import { didYouMean } from '../../core/base/suggest.ts';
import { type ConfigFile, configFileIn, configIn, isInside, nestedConfigFolder } from '../../config/load.ts';
import type { FileSelection } from '../../manifests/input-files.ts';
import { UsageError } from '../../usage-error.ts';
import { fromSourceRoot } from '../findings/source-root.ts';
import type { Io } from '../io.ts';
import { configuredValues, type GivenValues } from '../values/options.ts';

/** One Kubernetes cluster of several in a repository. */
export interface ChosenWorld {
  readonly name: string;
  /** The configuration with the settings of this world, and without worlds. */
  readonly configFile: ConfigFile;
  /** Its files and directories, absolute. */
  readonly paths: readonly string[];
  readonly values: readonly GivenValues[];
  /** True for a file of this world. */
  has(path: string): boolean;
}

/** The worlds that a configuration declares; those of a directory with its own begin with its name. */
export function declaredWorlds(
  configFile: ConfigFile,
  io: Io,
  { root, prefix }: { readonly root: ConfigFile; readonly prefix: string } = { root: configFile, prefix: '' },
): readonly ChosenWorld[] {
  const folder = configFile.path === undefined ? io.cwd : dirname(configFile.path);
  const nested = root === configFile ? undefined : folder;
  return configFile.worlds.map(({ name, config, paths, values }) => ({
    name: `${prefix}${name}`,
    configFile: { ...configFile, config, values, worlds: [] },
    paths,
    values: configuredValues(values, folder, io.cwd),
    has: (path) =>
      paths.some((each) => isInside(each, path)) &&
      nestedConfigFolder(dirname(path), io.cwd, root) === nested,
  }));
}

/** The worlds of a directory with a configuration of its own: those that it declares, and the rest of the directory. */
export function worldsOfFolder(folder: string, root: ConfigFile, io: Io): readonly ChosenWorld[] {
  const own = configFileIn(folder, io.cwd);
  const name = fromSourceRoot(io)(folder).path || '.';
  const declared = declaredWorlds(own, io, { root, prefix: `${name}/` });
  const rest: ChosenWorld = {
    name,
    configFile: { ...own, worlds: [] },
    paths: [folder],
    values: configuredValues(own.values, folder, io.cwd),
    has: (path) =>
      nestedConfigFolder(dirname(path), io.cwd, root) === folder && !declared.some((each) => each.has(path)),
  };
  return [...declared, rest];
}

/**
 * The world of a run: the one that `--world` names, or the only one in which all paths are. Undefined if the
 * repository has one world. Throws a UsageError if there are several to choose from, or none of the name.
 */
export function chooseWorld(
  wanted: string | undefined,
  paths: readonly string[],
  configFile: ConfigFile,
  io: Io,
): ChosenWorld | undefined {
  const declared = declaredWorlds(configFile, io);
  if (wanted !== undefined) return namedWorld(wanted, declared, configFile, io);
  const full = paths.filter((path) => path !== '-').map((path) => resolve(io.cwd, path));
  const folders = new Set(full.map((path) => nestedConfigFolder(path, io.cwd, configFile)));
  const [folder] = folders;
  if (folders.size === 1 && folder !== undefined)
    return only(worldsOfFolder(folder, configFile, io), full, folder);
  return declared.length === 0 ? undefined : only(declared, full, undefined);
}

function only(
  worlds: readonly ChosenWorld[],
  full: readonly string[],
  folder: string | undefined,
): ChosenWorld {
  const containing = worlds.filter(
    ({ paths }) =>
      full.length > 0 && full.every((path) => paths.some((each) => each !== folder && isInside(each, path))),
  );
  if (containing.length === 1 && containing[0] !== undefined) return containing[0];
  const [rest] = worlds;
  if (worlds.length === 1 && rest !== undefined && folder !== undefined) return rest;
  const names = worlds.map(({ name }) => name).join(', ');
  throw new UsageError(`the configuration has several worlds: ${names}`, 'choose one with --world NAME');
}

function namedWorld(
  wanted: string,
  declared: readonly ChosenWorld[],
  configFile: ConfigFile,
  io: Io,
): ChosenWorld {
  const found = declared.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const bases = configFile.path === undefined ? [io.cwd] : [io.cwd, dirname(configFile.path)];
  for (const base of wanted === '' ? [] : bases) {
    const folder = resolve(base, wanted);
    if (configIn(folder) !== undefined && !isInside(folder, io.cwd))
      return worldsOfFolder(folder, configFile, io).at(-1)!;
  }
  const names = declared.map(({ name }) => name);
  const list = names.length === 0 ? '' : `; the worlds are ${names.join(', ')}`;
  throw new UsageError(
    `unknown world ${JSON.stringify(wanted)}${didYouMean(wanted, names) || list}`,
    'a world is declared in `worlds` of the configuration, or is a directory with an iomesh-guard.yaml',
  );
}

/** The paths of a run of one world: its own if the command line names none. */
export function pathsOfWorld(world: ChosenWorld, given: readonly string[], io: Io): readonly string[] {
  const isDefault = given.length === 1 && given[0] === '.';
  return isDefault ? world.paths.map((path) => relative(io.cwd, path) || '.') : given;
}

/** What is read of a world. */
export function selectionOfWorld(world: ChosenWorld, selection: FileSelection): FileSelection {
  return { ...selection, hasWorlds: true, only: (path) => world.has(path) };
}
