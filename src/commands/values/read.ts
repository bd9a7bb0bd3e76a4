import { describeError } from '../../system-error.ts';
import { readWholeFile } from '../../read-file.ts';
import { dirname, normalize, resolve, sep } from 'node:path';
import type { Config } from '../../core/base/config.ts';
import { own } from '../../core/base/json.ts';
import { CHART_SECTIONS, ROOT } from '../../core/helm/chart.ts';
import { lineColumn } from '../../manifests/locate.ts';
import { missingValuesFile, readValuesFile, type ValuesFile, valuesIn } from '../../manifests/helm/read.ts';
import { inlineReleases } from '../../manifests/helm/inline.ts';
import type { HelmRelease } from '../../manifests/helm/render.ts';
import { releaseOf } from '../../manifests/helm/release.ts';
import type { ManifestFile } from '../../manifests/types.ts';
import { type WorldAdditions, worldOf } from '../../manifests/world.ts';
import type { Io } from '../io.ts';
import type { Input } from '../input.ts';
import type { GivenValues } from './options.ts';

/** The files of one release, in the order of the merge, by their index among all files. */
interface ReleaseFiles {
  readonly release: HelmRelease;
  readonly indexes: number[];
}

/** The input with the files of `--values`. */
export interface InputWithValues {
  readonly input: Input;
  /** The values files whose text is invalid, each with the place and the reason. */
  readonly invalid: readonly string[];
  /** The objects that the values files install. The files are those of `input`, possibly with edited text. */
  more(files: readonly ManifestFile[]): WorldAdditions | undefined;
}

/**
 * Reads the files of `--values` and adds them to the input. A file that cannot be read becomes a problem, never an
 * exception. `own` are the indexes of the files of their world; default all.
 */
export async function addValues(
  input: Input,
  given: readonly GivenValues[],
  config: Config,
  io: Io,
  own?: readonly number[],
): Promise<InputWithValues> {
  const notes = [...input.notes];
  const problems = [...input.problems];
  const unread = [...input.unread];
  const invalid: string[] = [];
  const files = [...input.files];
  const paths = new Map(input.paths);
  const roots = [...input.roots];
  const releases = new Map<string, ReleaseFiles>();
  // A release is checked only if all of its files can be read.
  const readFile = async (file: string, name: string): Promise<ValuesFile> => {
    let read = missingValuesFile(name);
    try {
      read = readValuesFile(name, file === '-' ? await io.readStdin() : readWholeFile(resolve(io.cwd, file)));
    } catch (error) {
      problems.push(`cannot read ${name}: ${describeError(error)}`);
    }
    if (read.manifest !== undefined)
      problems.push(
        `${name} is a Kubernetes object (${read.manifest}), not Helm values; pass it without --values, as the other manifests`,
      );
    if (read.json === undefined) unread.push(name);
    const [error] = read.json === undefined ? read.file.errors : [];
    if (error !== undefined) {
      const { line, column } = lineColumn(read.file, error.start);
      invalid.push(`cannot read ${name}:${line}:${column}: ${error.message}`);
    }
    return read;
  };
  const inline = input.files.flatMap((file, index) =>
    own === undefined || own.includes(index)
      ? inlineReleases(file).flatMap(({ release, unread: reason }, number) =>
          reason === undefined ? [{ index, number, key: releaseKey(release) }] : [],
        )
      : [],
  );
  for (const each of given) {
    const release = each.release ?? config.managementCluster;
    const key = releaseKey(release);
    if (!releases.has(key)) {
      releases.set(key, { release, indexes: [] });
      notes.push(...swappedNotes(release, config));
    }
    const { file } = await readFile(each.file, displayPath(each.file));
    if (each.file !== '-') {
      const path = resolve(io.cwd, each.file);
      paths.set(file, path);
      roots.push(dirname(path));
    }
    releases.get(key)?.indexes.push(files.push(file) - 1);
  }
  // Values of the command line replace those in an object.
  const inlineWorlds = (now: readonly ManifestFile[], settings: Config): readonly WorldAdditions[] =>
    inline
      .filter(({ key }) => !releases.has(key))
      .flatMap(({ index, number }) => {
        const found = inlineReleases(now[index]!)[number];
        return found === undefined ? [] : [releaseOf(found.release, found.values, settings)];
      });
  const more = (now: readonly ManifestFile[]) => {
    const all = [...releases.values()];
    const joined = joinWorlds(joinReleases(all, now, config), inlineWorlds(now, config));
    // The objects that are installed, and those of the files, decide how the chart renders the values.
    const files = own === undefined ? now : own.map((index) => now[index]!);
    const { iomeshVersion } = worldOf(files, config, io.today(), 'lint', joined);
    return config.iomeshVersion === 'auto' && iomeshVersion !== '1.0'
      ? joinWorlds(
          joinReleases(all, now, { ...config, iomeshVersion }),
          inlineWorlds(now, { ...config, iomeshVersion }),
        )
      : joined;
  };
  for (const { indexes } of releases.values())
    notes.push(...otherChartNotes(indexes.flatMap((index) => valuesIn(files[index]!) ?? [])));
  const counts = {
    ...input.counts,
    files: input.counts.files + given.length,
    documents: input.counts.documents + given.length,
    objects: input.counts.objects + (more(files).resources?.length ?? 0),
  };
  return { input: { ...input, files, paths, roots, counts, notes, problems, unread }, invalid, more };
}

function joinReleases(
  releases: readonly ReleaseFiles[],
  files: readonly ManifestFile[],
  config: Config,
): WorldAdditions {
  const worlds = releases.map(({ release, indexes }) =>
    releaseOf(
      release,
      indexes.flatMap((index) => valuesIn(files[index]!) ?? []),
      config,
    ),
  );
  return joinWorlds({}, worlds);
}

function releaseKey({ name, namespace }: HelmRelease): string {
  return `${name}/${namespace}`;
}

function joinWorlds(first: WorldAdditions = {}, more: readonly WorldAdditions[] = []): WorldAdditions {
  const worlds = [first, ...more];
  return {
    resources: worlds.flatMap((each) => each.resources ?? []),
    unread: worlds.flatMap((each) => each.unread ?? []),
    helmValues: worlds.flatMap((each) => each.helmValues ?? []),
  };
}

/** A note if the release and the namespace of the management cluster are swapped. */
function swappedNotes({ name, namespace }: HelmRelease, { managementCluster }: Config): string[] {
  if (name !== managementCluster.namespace || namespace !== managementCluster.name) return [];
  return [
    `--values names release ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)}; the management cluster is --values FILE=${namespace}/${name}, with the release first`,
  ];
}

/** A note if no file of a release has a key of the IOMesh chart. */
function otherChartNotes(files: readonly ValuesFile[]): string[] {
  const isOther = ({ json }: ValuesFile) =>
    json !== undefined && own(json, ROOT) === undefined && !Object.keys(json).some(isClusterKey);
  if (!files.every(isOther)) return [];
  const names = files.map(({ file }) => file.name).join(', ');
  return [`${names}: the key \`${ROOT}\` is missing; check that these are values of the IOMesh chart`];
}

/** True for a key that belongs under `iomesh`. */
function isClusterKey(key: string): boolean {
  return key.toLowerCase() === ROOT || CHART_SECTIONS.some(({ path }) => path.at(-1) === key);
}

/** A file as findings name it. */
function displayPath(file: string): string {
  return file === '-' ? '<stdin>' : normalize(file).split(sep).join('/');
}
