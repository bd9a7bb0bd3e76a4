/** Compares what we read from Helm values with what Helm rendered from them. */
import { type Config, DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { isObject, type Json, type JsonObject, own } from '../../src/core/base/json.ts';
import type { Resource } from '../../src/core/base/model.ts';
import { formatPath, isPrefix, type Path } from '../../src/core/base/path.ts';
import { judge } from '../../src/core/judge/judge.ts';
import type { World } from '../../src/core/world.ts';
import { readValuesFile } from '../../src/manifests/helm/read.ts';
import type { HelmRelease } from '../../src/manifests/helm/render.ts';
import { releaseOf } from '../../src/manifests/helm/release.ts';
import { readManifests } from '../../src/manifests/read.ts';
import { KNOWN_KINDS, worldOf } from '../../src/manifests/world.ts';

/** The same of two sources: `read` from the values, `rendered` by Helm. */
interface Compared<T> {
  readonly read: T;
  readonly rendered: T;
}

/** A field and what is wrong with it. */
interface FoundProblem {
  readonly code: string;
  readonly key: string;
  readonly path: Path;
  readonly text: string;
}

/** Tags of the operator's images, which the version of the chart decides. */
const CHART_TAGS: readonly Path[] = [
  ['spec', 'chunk', 'devicemanager', 'image', 'tag'],
  ['spec', 'probe', 'image', 'tag'],
  ['spec', 'toolbox', 'image', 'tag'],
];
const KINDS = ['IOMeshCluster', 'ZookeeperCluster', 'StorageClass'] as const;

/** The objects of both sources, as text, and the findings on them. */
export function compareWithRendered(
  values: string,
  rendered: string,
  release: HelmRelease,
  config: Config = DEFAULT_CONFIG,
): { readonly objects: Compared<readonly string[]>; readonly findings: Compared<readonly string[]> } {
  const file = readValuesFile('values.yaml', values);
  const read = worldOf([], config, '2026-11-23', 'lint', releaseOf(release, [file], config));
  const manifests = readManifests('rendered.yaml', rendered, { kinds: KNOWN_KINDS });
  const theirs = worldOf([manifests], config, '2026-11-23');
  const ours = problemsOf(read).filter(({ code }) => !code.startsWith('IOM80'));
  // What a key would have set that Helm ignores is checked when the key is in its place.
  const explained = ({ key, path }: FoundProblem) =>
    KINDS.flatMap((kind) => read.all(kind))
      .find((each) => each.key === key)
      ?.unknown?.some((each) => isPrefix(each, path) || isPrefix(path, each)) ?? false;
  const known = new Set(texts(ours));
  const expected = problemsOf(theirs).filter((each) => known.has(each.text) || !explained(each));
  return {
    objects: { read: objectsOf(read), rendered: objectsOf(theirs) },
    findings: { read: texts(ours), rendered: texts(expected) },
  };
}

function texts(problems: readonly FoundProblem[]): string[] {
  return [...new Set(problems.map(({ text }) => text))].sort();
}

function problemsOf(world: World): readonly FoundProblem[] {
  return judge(world).findings.flatMap(({ code, severity, path, resource }) =>
    resource === undefined
      ? []
      : [
          {
            code,
            key: resource.key,
            path,
            text: `${severity} ${code} ${resource.key} ${formatPath(path)}`,
          },
        ],
  );
}

function objectsOf(world: World): readonly string[] {
  return KINDS.flatMap((kind) => world.all(kind))
    .filter((each) => !isOfAnotherChart(each))
    .map(({ json }) => JSON.stringify(sorted(withoutLabels(json)), null, 1));
}

/** Classes of the charts for local volumes. */
function isOfAnotherChart({ kind, json }: Resource): boolean {
  const provisioner = own(json, 'provisioner');
  return (
    kind === 'StorageClass' &&
    typeof provisioner === 'string' &&
    /^(kubevirt\.io\/hostpath-provisioner|com\.iomesh\.iomesh-localpv-manager)$/.test(provisioner)
  );
}

function withoutLabels(json: JsonObject): JsonObject {
  const { labels: _, ...metadata } = own(json, 'metadata') as JsonObject;
  return { ...json, metadata };
}

/** The value with its keys in order, without the tags that only the version of the chart decides. */
function sorted(value: Json, path: Path = []): Json {
  if (Array.isArray(value)) return value.map((each, index) => sorted(each, [...path, index]));
  if (typeof value === 'bigint') return Number(value);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  const kept = keys.filter(
    (key) => !CHART_TAGS.some((tag) => formatPath(tag) === formatPath([...path, key])),
  );
  return Object.fromEntries(kept.map((key) => [key, sorted(value[key] ?? null, [...path, key])]));
}
