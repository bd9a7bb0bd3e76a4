import { type ConfigFile, loadConfigOf, nestedConfigFolder } from '../../config/load.ts';
import type { Config } from '../../core/base/config.ts';
import { resolve } from 'node:path';
import type { FileSelection } from '../../manifests/input-files.ts';
import type { Io } from '../io.ts';
import { type ClusterOptions, fileSelection, type SelectionOptions } from '../shared-options.ts';
import { type GivenValues, valuesOf } from '../values/options.ts';
import type { ChosenWorld } from './choose.ts';

/** What decides which world is read. */
interface WorldRequest {
  readonly config: string | undefined;
  readonly worldName: string | undefined;
}

/** The configuration of the only world that a command reads, and its name if the repository has several. */
export async function configOfWorld(
  { config: named, worldName }: WorldRequest,
  paths: readonly string[],
  io: Io,
): Promise<{
  readonly config: Config;
  readonly configFile: ConfigFile;
  readonly chosen?: ChosenWorld;
  readonly name?: string;
}> {
  const configFile = loadConfigOf(named, paths, io.cwd);
  const isNested = paths.some(
    (path) => nestedConfigFolder(resolve(io.cwd, path), io.cwd, configFile) !== undefined,
  );
  if (worldName === undefined && configFile.worlds.length === 0 && !isNested)
    return { config: configFile.config, configFile };
  const chosen = (await import('./choose.ts')).chooseWorld(worldName, paths, configFile, io);
  if (chosen === undefined) return { config: configFile.config, configFile };
  return { config: chosen.configFile.config, configFile: chosen.configFile, chosen, name: chosen.name };
}

/** The configuration and the files of the only world that a command reads. */
export async function readOneWorld(
  options: WorldRequest & {
    readonly selection: SelectionOptions;
    readonly values: readonly GivenValues[];
    readonly cluster: ClusterOptions | undefined;
  },
  given: readonly string[],
  io: Io,
): Promise<{
  readonly config: Config;
  readonly paths: readonly string[];
  readonly values: readonly GivenValues[];
  readonly selection: FileSelection;
}> {
  const { config, configFile, chosen } = await configOfWorld(options, given, io);
  const selection = fileSelection(options.selection, configFile, io.cwd);
  const configured = options.cluster === undefined ? (chosen?.values ?? valuesOf(configFile, io.cwd)) : [];
  const values = options.values.length > 0 ? options.values : configured;
  if (chosen === undefined) return { config, paths: given, values, selection };
  const { pathsOfWorld, selectionOfWorld } = await import('./choose.ts');
  return {
    config,
    values,
    paths: pathsOfWorld(chosen, given, io),
    selection: selectionOfWorld(chosen, selection),
  };
}
