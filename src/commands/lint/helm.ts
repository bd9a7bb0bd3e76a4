import { describeError } from '../../system-error.ts';
import { readFileSync } from 'node:fs';
import { normalize, resolve, sep } from 'node:path';
import type { Config } from '../../core/base/config.ts';
import { own } from '../../core/base/json.ts';
import { CHART_SECTIONS, ROOT } from '../../core/helm/chart.ts';
import {
  missingValuesFile,
  type Release,
  readValuesFile,
  releaseOf,
  type ValuesFile,
  valuesIn,
} from '../../manifests/helm/index.ts';
import type { ManifestFile } from '../../manifests/index.ts';
import type { MoreOfWorld } from '../../manifests/world.ts';
import type { Io } from '../io.ts';
import type { Input } from '../input.ts';
import type { GivenValues } from './helm-flags.ts';

/** The files of one release, in the order they are merged, by their places among all files. */
interface Given {
  readonly release: Release;
  readonly places: number[];
}

/** What was read, values among it. */
export interface WithValues {
  readonly input: Input;
  /** What the values among the files bring into a world. The files are those of `input`, whatever became of their texts. */
  more(files: readonly ManifestFile[]): MoreOfWorld;
}

/**
 * Reads the files of `--values`, and adds them to what was read. What cannot be read becomes a problem,
 * never an exception.
 */
export async function addValues(
  input: Input,
  given: readonly GivenValues[],
  config: Config,
  io: Io,
): Promise<WithValues> {
  const notes = [...input.notes];
  const problems = [...input.problems];
  const unread = [...input.unread];
  const files = [...input.files];
  const paths = new Map(input.paths);
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
      releases.set(key, { release, places: [] });
      notes.push(...swapped(release, config));
    }
    const { file } = await readFile(each.file, shown(each.file));
    if (each.file !== '-') paths.set(file, resolve(io.cwd, each.file));
    releases.get(key)?.places.push(files.push(file) - 1);
  }
  const more = (now: readonly ManifestFile[]) => join([...releases.values()], now, config);
  for (const { places } of releases.values())
    notes.push(...strange(places.flatMap((place) => valuesIn(files[place]!) ?? [])));
  const counts = {
    ...input.counts,
    files: input.counts.files + given.length,
    documents: input.counts.documents + given.length,
    objects: input.counts.objects + (more(files).resources?.length ?? 0),
  };
  return { input: { ...input, files, paths, counts, notes, problems, unread }, more };
}

function join(releases: readonly Given[], files: readonly ManifestFile[], config: Config): MoreOfWorld {
  const worlds = releases.map(({ release, places }) =>
    releaseOf(
      release,
      places.flatMap((place) => valuesIn(files[place]!) ?? []),
      config,
    ),
  );
  return {
    resources: worlds.flatMap((each) => each.resources ?? []),
    unread: worlds.flatMap((each) => each.unread ?? []),
    helmValues: worlds.flatMap((each) => each.helmValues ?? []),
  };
}

/** Said where namespace and name are given the other way round. */
function swapped({ name, namespace }: Release, { managementCluster }: Config): string[] {
  if (name !== managementCluster.namespace || namespace !== managementCluster.name) return [];
  return [
    `--values names release ${name} in namespace ${namespace}; for the management cluster write ${namespace}/${name}, the release first`,
  ];
}

/** Said where nothing in the files of a release seems to be meant for our chart. */
function strange(files: readonly ValuesFile[]): string[] {
  const isStrange = ({ json }: ValuesFile) =>
    json !== undefined && own(json, ROOT) === undefined && !Object.keys(json).some(isOfCluster);
  if (!files.every(isStrange)) return [];
  const names = files.map(({ file }) => file.name).join(', ');
  return [`${names}: nothing stands below \`${ROOT}:\`; are these values of IOMesh's chart?`];
}

/** True for a key that would belong below `iomesh:`. */
function isOfCluster(key: string): boolean {
  return key.toLowerCase() === ROOT || CHART_SECTIONS.some(({ path }) => path.at(-1) === key);
}

/** A file as findings name it. */
function shown(file: string): string {
  return file === '-' ? '<stdin>' : normalize(file).split(sep).join('/');
}
