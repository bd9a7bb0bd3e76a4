import { readFileSync } from 'node:fs';
import { normalize, resolve, sep } from 'node:path';
import type { Config } from '../../core/config.ts';
import { own } from '../../core/json.ts';
import type { Resource } from '../../core/model.ts';
import { ROOT } from '../../core/values/chart.ts';
import { valuesFaults } from '../../core/values/faults.ts';
import { describeError } from '../../manifests/collect.ts';
import {
  missingValuesFile,
  type Release,
  readValuesFile,
  releaseOf,
  type ValuesFile,
} from '../../manifests/values/index.ts';
import type { MoreOfWorld } from '../../manifests/world.ts';
import type { Io } from '../io.ts';
import type { Input } from './read.ts';
import type { GivenValues } from './values-flags.ts';

/** The files of one release, in the order they are merged. */
interface Given {
  readonly release: Release;
  readonly files: ValuesFile[];
}

/**
 * Reads the files of `--values`, and adds what they bring to what was read. What cannot be read becomes
 * a problem, never an exception.
 */
export async function addValues(
  input: Input,
  given: readonly GivenValues[],
  config: Config,
  io: Io,
): Promise<{ readonly input: Input; readonly more: Required<MoreOfWorld> }> {
  const notes = [...input.notes];
  const problems = [...input.problems];
  const unread = [...input.unread];
  const releases = new Map<string, Given>();
  /** Without one of its files nothing can be said of a release. */
  const readFile = async (file: string, name: string): Promise<ValuesFile> => {
    let read = missingValuesFile(name);
    try {
      read = readValuesFile(name, file === '-' ? await io.readStdin() : readFileSync(resolve(io.cwd, file)));
    } catch (error) {
      problems.push(`cannot read ${name}: ${describeError(error)}`);
    }
    if (read.manifest !== undefined)
      problems.push(
        `${name} holds a Kubernetes object (${read.manifest}), not Helm values: give it as a path, without --values`,
      );
    if (read.json === undefined) unread.push(name);
    return read;
  };
  for (const each of given) {
    const release = each.release ?? config.managementCluster;
    const key = `${release.name}/${release.namespace}`;
    if (!releases.has(key)) {
      releases.set(key, { release, files: [] });
      notes.push(...swapped(release, config));
    }
    const name = shown(each.file);
    releases.get(key)?.files.push(await readFile(each.file, name));
  }
  const read = [...releases.values()];
  const worlds = read.map(({ release, files }) => releaseOf(release, files, config));
  const more = {
    resources: worlds.flatMap((each) => each.resources ?? []),
    faults: worlds.flatMap((each) => each.faults ?? []),
    unread: worlds.flatMap((each) => each.unread ?? []),
    values: worlds.flatMap((each) => each.values ?? []),
  };
  notes.push(...read.flatMap(({ files }, index) => strange(files, worlds[index]?.values ?? [])));
  const counts = {
    ...input.counts,
    files: input.counts.files + given.length,
    documents: input.counts.documents + given.length,
    objects: input.counts.objects + more.resources.length,
  };
  return { input: { ...input, counts, notes, problems, unread }, more };
}

/** Said where namespace and name are given the other way round. */
function swapped({ name, namespace }: Release, { managementCluster }: Config): string[] {
  if (name !== managementCluster.namespace || namespace !== managementCluster.name) return [];
  return [
    `--values names release ${name} in namespace ${namespace}; for the management cluster write ${namespace}/${name}, the release first`,
  ];
}

/** Said where nothing in the files of a release seems to be meant for our chart. */
function strange(files: readonly ValuesFile[], values: readonly Resource[]): string[] {
  const isStrange = (each: Resource) =>
    own(each.json, ROOT) === undefined && valuesFaults(each).ignored.length === 0;
  if (values.length < files.length || !values.every(isStrange)) return [];
  const names = files.map(({ file }) => file.name).join(', ');
  return [`${names}: nothing stands below \`${ROOT}:\`; are these values of IOMesh's chart?`];
}

/** A file as findings name it. */
function shown(file: string): string {
  return file === '-' ? '<stdin>' : normalize(file).split(sep).join('/');
}
