import { describeError } from '../system-error.ts';
import { readWholeFile } from '../read-file.ts';
import { statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Config, DEFAULT_CONFIG } from '../core/base/config.ts';
import { isArray, isObject, type Json, own } from '../core/base/json.ts';
import type { Path } from '../core/base/path.ts';
import type { ExcludeList } from '../manifests/ignored-paths.ts';
import { documentValue } from '../manifests/read.ts';
import { lineColumn, locate } from '../manifests/locate.ts';
import type { ManifestFile } from '../manifests/types.ts';
import { readManifests } from '../manifests/read.ts';
import { configProblems } from './problems.ts';
import { textsOf, toConfig } from './to-config.ts';
import { UsageError } from '../usage-error.ts';

/** A configuration, and what only the reading of files needs to know of it. */
export interface ConfigFile {
  readonly config: Config;
  /** The absolute path; undefined if there is no file. */
  readonly path: string | undefined;
  /** True if --config names it. */
  readonly isNamed: boolean;
  /** The files that are not to be read. */
  readonly exclude: readonly ExcludeList[];
  /** The files of Helm values, as `--values` names them, relative to the directory of the file. */
  readonly values: readonly string[];
  /** The worlds that the file declares, by name. */
  readonly worlds: readonly ConfiguredWorld[];
}

/** One Kubernetes cluster of several in a repository. */
export interface ConfiguredWorld {
  readonly name: string;
  readonly config: Config;
  /** Absolute paths. */
  readonly paths: readonly string[];
  readonly values: readonly string[];
}

/** The names of a configuration file. */
const CONFIG_FILES: readonly string[] = ['iomesh-guard.yaml', 'iomesh-guard.yml'];
/** Names that look like a configuration and are none. */
const HIDDEN_FILES = CONFIG_FILES.map((name) => `.${name}`);

/** The rules' part of {@link loadConfigFile}, of a command that reads one cluster. Throws a UsageError if there are worlds. */
export function loadConfig(named: string | undefined, cwd: string): Config {
  const { config, worlds } = loadConfigFile(named, cwd);
  if (worlds.length > 0)
    throw new UsageError(
      `the configuration has worlds: ${worlds.map(({ name }) => name).join(', ')}`,
      'this command needs a configuration of one cluster: name one with --config FILE',
    );
  return config;
}

/**
 * Reads the configuration file `named`, or the nearest iomesh-guard.yaml or iomesh-guard.yml from `cwd` upward; without any, the defaults.
 * Throws a UsageError with the position of each problem.
 */
export function loadConfigFile(named: string | undefined, cwd: string): ConfigFile {
  const isNamed = named !== undefined;
  const path = isNamed ? resolve(cwd, named) : findConfig(cwd);
  const nothing = { config: DEFAULT_CONFIG, path, isNamed, exclude: [], values: [], worlds: [] };
  if (path === undefined) return nothing;
  const name = named ?? relative(cwd, path);
  let bytes: Uint8Array;
  try {
    bytes = readWholeFile(path);
  } catch (error) {
    throw new UsageError(
      `cannot read the configuration ${name}: ${describeError(error)}`,
      'check --config FILE',
    );
  }
  const file = readManifests(name, bytes);
  const fault = file.errors[0];
  if (fault !== undefined) throw problemAt(file, fault.start, fault.message, fault.help);
  const documents = file.documents.filter((document) => document.status !== 'empty');
  const document = documents[0];
  if (document === undefined) return nothing;
  if (documents[1] !== undefined)
    throw problemAt(
      file,
      documents[1].start,
      'the configuration must be one document, but a second one starts here',
      'remove the second document',
    );
  const value = documentValue(file, document.index);
  const problems = configProblems(value);
  if (problems.length > 0) {
    const [first, ...rest] = problems.map(
      ({ path: where, part, message }) =>
        problemAt(file, startOf(file, document.index, where, part), message).message,
    );
    throw new UsageError(first ?? '', rest.length === 0 ? 'see docs/configuration.md' : rest.join('\n'));
  }
  const patterns = own(value, 'exclude');
  const exclude = isArray(patterns) ? [{ folder: dirname(path), patterns: patterns.map(String) }] : [];
  return {
    ...{ config: toConfig(value), path, isNamed, exclude },
    values: textsOf(own(value, 'values')),
    worlds: worldsOf(value, dirname(path)),
  };
}

function worldsOf(value: Json, folder: string): readonly ConfiguredWorld[] {
  const worlds = own(value, 'worlds');
  if (!isObject(worlds) || !isObject(value)) return [];
  return Object.entries(worlds).map(([name, world]) => ({
    name,
    config: toConfig({ ...value, ...(isObject(world) ? world : {}) }),
    paths: textsOf(own(world, 'paths')).map((path) => resolve(folder, path)),
    values: textsOf(own(world, 'values') ?? own(value, 'values')),
  }));
}

/** The configuration in a directory; undefined if it has none. */
export function configIn(folder: string): string | undefined {
  return CONFIG_FILES.map((name) => join(folder, name)).find(isFile);
}

/**
 * The directory with the nearest configuration above a path (or of the directory itself), if that is not the one of
 * the run, and none of `cwd` and the directories above it.
 */
export function nestedConfigFolder(
  path: string,
  cwd: string,
  { path: used, isNamed }: Pick<ConfigFile, 'path' | 'isNamed'>,
): string | undefined {
  if (isNamed) return undefined;
  for (let folder = path; !isInside(folder, cwd); folder = dirname(folder)) {
    const found = configIn(folder);
    if (found !== undefined) return found === used ? undefined : folder;
    if (dirname(folder) === folder) return undefined;
  }
  return undefined;
}

/**
 * The configuration of a run over some paths: that of {@link loadConfigFile}, or without any the one above all paths.
 */
export function loadConfigOf(named: string | undefined, paths: readonly string[], cwd: string): ConfigFile {
  const file = loadConfigFile(named, cwd);
  if (file.path !== undefined) return file;
  const full = paths.filter((path) => path !== '-').map((path) => resolve(cwd, path));
  const folders = new Set(full.map((path) => nestedConfigFolder(path, cwd, file)));
  const [folder] = folders;
  return folders.size === 1 && folder !== undefined ? configFileIn(folder, cwd) : file;
}

/** The configuration of a directory that has one. */
export function configFileIn(folder: string, cwd: string): ConfigFile {
  const file = loadConfigFile(relative(cwd, configIn(folder) ?? folder), cwd);
  return { ...file, isNamed: false };
}

/** True for a path, and for what is below it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function startOf(file: ManifestFile, document: number, path: Path, part: 'key' | 'value'): number {
  const { key, value } = locate(file, document, path);
  const span = part === 'key' ? (key ?? value) : (value ?? key);
  return span?.start ?? 0;
}

function problemAt(file: ManifestFile, offset: number, message: string, hint?: string): UsageError {
  const { line, column } = lineColumn(file, offset);
  return new UsageError(`${file.name}:${line}:${column}: ${message}`, hint);
}

/** False also below a file, and in a directory that may not be searched. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

function findConfig(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const [path, second] = CONFIG_FILES.map((name) => join(folder, name)).filter(isFile);
    const hidden = HIDDEN_FILES.map((name) => join(folder, name)).find(isFile);
    if (path !== undefined && second !== undefined)
      throw new UsageError(`there are two configurations: ${path} and ${second}`, 'remove one of them');
    if (path !== undefined) return path;
    if (hidden !== undefined)
      throw new UsageError(
        `${relative(from, hidden)} is not read as the configuration`,
        `rename it to ${CONFIG_FILES[0]}, or name it with --config`,
      );
    if (dirname(folder) === folder) return undefined;
  }
}
