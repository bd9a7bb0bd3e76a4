/** The objects that Helm values of a release render to. */
import type { Config } from '../../core/base/config.ts';
import type { IomeshVersion } from '../../core/base/iomesh-version.ts';
import { at, isObject, type JsonObject } from '../../core/base/json.ts';
import { type Resource, resourceKey, type SourceComment, toResource } from '../../core/base/model.ts';
import { formatPath, isPrefix, type Path } from '../../core/base/path.ts';
import {
  CHART_IMAGES,
  CHART_KINDS,
  CHART_SECTIONS,
  type ChartKind,
  isSet,
  OPERATOR_VERSION,
  renderedFields,
  valuesPath,
  ZBS_TAG_VALUES,
} from '../../core/helm/chart.ts';
import { valueErrors } from '../../core/helm/value-errors.ts';
import { zookeeperName } from '../../core/iomesh/cluster.ts';
import { type FieldInFile, ManifestSource, type WorldAdditions } from '../world.ts';
import { commentsIn } from '../comments.ts';
import { indexOfDefiningFile, mergeValues } from './merge.ts';
import type { ValuesFile } from './read.ts';
import { type HelmRelease, renderValues } from './render.ts';

type ReadableValues = ValuesFile & { readonly json: JsonObject };

/**
 * The objects of one release. A later file wins, as with `helm -f a -f b`. If one of the files cannot be
 * read as a whole, there are no objects, and none is reported as missing. With `iomeshVersion: auto` they are those of
 * IOMesh 1.0.
 */
export function releaseOf(
  release: HelmRelease,
  files: readonly ValuesFile[],
  config: Config,
): WorldAdditions {
  const readable = files.filter((each): each is ReadableValues => each.json !== undefined);
  const helmValues = readable.map((each) => valuesResource(release, each));
  // The values that Helm ignores after the first document are missing in every object.
  const isCut = files.some(({ file }) => file.errors.some(({ kind }) => kind === 'dropped-text'));
  if (isCut) return { unread: unreadOf(release) };
  if (readable.length < files.length) return { helmValues, unread: unreadOf(release) };
  return { helmValues, resources: renderedOf(release, readable, helmValues, config) };
}

/** The values of one file, with the name of the IOMeshCluster that they render to. */
function valuesResource(
  { name, namespace }: HelmRelease,
  { file, json, at: place }: ReadableValues,
): Resource {
  const ref = { apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', namespace, name };
  const key = resourceKey('IOMeshCluster', namespace, name);
  return {
    kind: 'IOMeshCluster',
    ref,
    key,
    json,
    source: new ManifestSource(file, place?.documentIndex ?? 0, place?.path ?? []),
  };
}

function unreadOf({ name, namespace }: HelmRelease): NonNullable<WorldAdditions['unread']> {
  return [
    { kind: 'IOMeshCluster', namespace, name },
    { kind: 'ZookeeperCluster', namespace, name: zookeeperName(name) },
  ];
}

function renderedOf(
  release: HelmRelease,
  files: readonly ReadableValues[],
  values: readonly Resource[],
  { iomeshVersion }: Config,
): readonly Resource[] {
  const merged = files.map(({ json }) => json).reduce(mergeValues, {});
  const version = iomeshVersion === 'auto' ? '1.0' : iomeshVersion;
  const unsure = values.flatMap((each) => unsurePaths(each, merged, version));
  const objects = renderValues(merged, release, version, unsure);
  return CHART_KINDS.flatMap((kind) => {
    const object = objects[kind];
    if (object === undefined) return [];
    const resource = toResource(object.json, { source: new ValuesSource(kind, files, merged) });
    return resource === undefined ? [] : [{ ...resource, unknown: object.unknown }];
  });
}

/** The source of an object that values render to: its fields are written in one of the files, with other names. */
export class ValuesSource extends ManifestSource {
  readonly #kind: ChartKind;
  readonly #files: readonly ReadableValues[];
  readonly #merged: JsonObject;

  constructor(kind: ChartKind, files: readonly ReadableValues[], merged: JsonObject) {
    super(files.at(-1)!.file, files.at(-1)!.at?.documentIndex ?? 0, []);
    this.#kind = kind;
    this.#files = files;
    this.#merged = merged;
  }

  override placeOf(field: Path): FieldInFile {
    const path = writtenPath(this.#kind, field, this.#merged);
    const jsons = this.#files.map(({ json }) => json);
    const { file, at: place } = this.#files[indexOfDefiningFile(jsons, path)]!;
    return {
      file,
      documentIndex: place?.documentIndex ?? 0,
      path: [...(place?.path ?? []), ...path],
      isField: isField(this.#kind, field, path, this.#merged),
    };
  }

  override comments(): readonly SourceComment[] {
    return this.#files.flatMap(({ file, at: place }) => commentsIn(file, place?.documentIndex ?? 0));
  }

  nameOf(field: Path): string | undefined {
    return isSet(this.#kind, field) ? formatPath(valuesPath(this.#kind, field)) : undefined;
  }
}

/**
 * The path of the values that sets a field of a rendered object, whether it is set or not. For an image tag
 * that the chart builds from several values, the one of them that is set.
 */
function writtenPath(kind: ChartKind, field: Path, merged: JsonObject): Path {
  const path = valuesPath(kind, field);
  const image = CHART_IMAGES.find((each) => path.at(-1) === 'tag' && isPrefix(each.values, path));
  if (image === undefined || isWritten(merged, path)) return path;
  const parts = image.group === 'zbs' ? ZBS_TAG_VALUES : image.group === 'operator' ? [OPERATOR_VERSION] : [];
  return parts.find((part) => isWritten(merged, part)) ?? path;
}

function isWritten(merged: JsonObject, path: Path): boolean {
  const value = at(merged, path) ?? '';
  return value !== '';
}

/** True if the value at a path sets this field and no other. */
function isField(kind: ChartKind, field: Path, path: Path, merged: JsonObject): boolean {
  const target = renderedFields(path)[0];
  if (target?.kind !== kind || formatPath(target.path) !== formatPath(field)) return false;
  // The chart writes the registry before every repository, so a fix would write it twice.
  return path.at(-1) !== 'repository' || !isWritten(merged, ['global', 'registry']);
}

const SECTIONS = new Set(CHART_SECTIONS.map(({ path }) => formatPath(path)));
/** Of a misplaced section, no more keys are checked. */
const MAX_KEYS = 100;

/**
 * The paths of merged values whose value is unknown, because IOM801 or IOM802 reports an error there: the
 * value that a misplaced key was meant to set, and the keys next to their parent.
 */
function unsurePaths(values: Resource, merged: JsonObject, version: IomeshVersion): readonly Path[] {
  const { ignored, nullParents } = valueErrors(values, version);
  return [
    ...ignored.flatMap(({ path, intended }) =>
      intended === undefined
        ? []
        : [intended.path, ...intended.others].flatMap((to) => unsetPaths(values.json, path, to, merged)),
    ),
    ...nullParents.flatMap(({ path, children }) => [path, ...children]),
  ];
}

/** The paths that a key would have set if it were at `to`, unless they are set. */
function unsetPaths(json: JsonObject, from: Path, to: Path, merged: JsonObject): readonly Path[] {
  const moved = at(json, from);
  if (isObject(moved) && SECTIONS.has(formatPath(to)))
    return Object.keys(moved)
      .slice(0, MAX_KEYS)
      .flatMap((key) => unsetPaths(json, [...from, key], [...to, key], merged));
  return (at(merged, to) ?? null) === null ? [to] : [];
}
