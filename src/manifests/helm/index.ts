/** Helm values of the management cluster, read as the objects they render to. */
import { zookeeperName } from '../../core/iomesh/cluster.ts';
import type { Config } from '../../core/base/config.ts';
import type { JsonObject } from '../../core/base/json.ts';
import { formatPath, type Path } from '../../core/base/path.ts';
import { type Resource, resourceKey, toResource } from '../../core/base/model.ts';
import { type ChartKind, isSet, valuesPath } from '../../core/helm/chart.ts';
import { type FieldPlace, ManifestSource, type MoreOfWorld } from '../world.ts';
import { giverOf, mergeValues } from './merge.ts';
import type { ValuesFile } from './read.ts';
import { type Release, render } from './render.ts';
import { unsurePlaces } from './unsure.ts';
import { isField, writtenPath } from './written.ts';

export { missingValuesFile, readValuesFile, type ValuesFile, valuesIn } from './read.ts';
export type { Release } from './render.ts';

type Readable = ValuesFile & { readonly json: JsonObject };

const KINDS: readonly ChartKind[] = ['IOMeshCluster', 'ZookeeperCluster'];

/**
 * What the values of one release bring into a world. Of several files a later one wins, as with `helm -f a -f b`. Where one of them cannot be
 * read there are no objects, and nobody misses them.
 */
export function releaseOf(release: Release, files: readonly ValuesFile[], config: Config): MoreOfWorld {
  const readable = files.filter((each): each is Readable => each.json !== undefined);
  const values = readable.map((each) => valuesOf(release, each));
  if (readable.length < files.length) return { helmValues: values, unread: unreadOf(release) };
  return { helmValues: values, resources: renderedOf(release, readable, values, config) };
}

/** The values of one file, under the name of what they render to. */
function valuesOf({ name, namespace }: Release, { file, json }: Readable): Resource {
  const source = new ManifestSource(file, 0, []);
  const ref = { apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', namespace, name };
  return { kind: 'IOMeshCluster', ref, key: resourceKey('IOMeshCluster', namespace, name), json, source };
}

function unreadOf({ name, namespace }: Release): NonNullable<MoreOfWorld['unread']> {
  return [
    { kind: 'IOMeshCluster', namespace, name },
    { kind: 'ZookeeperCluster', namespace, name: zookeeperName(name) },
  ];
}

function renderedOf(
  release: Release,
  files: readonly Readable[],
  values: readonly Resource[],
  { iomeshVersion }: Config,
): readonly Resource[] {
  const merged = files.map(({ json }) => json).reduce(mergeValues, {});
  const unsure = values.flatMap((each) => unsurePlaces(each, merged));
  const objects = render(merged, release, iomeshVersion, unsure);
  return KINDS.flatMap((kind) => {
    const { json, unknown } = objects[kind];
    const source = new ValuesSource(kind, files, merged);
    const resource = toResource(json, { source });
    return resource === undefined ? [] : [{ ...resource, unknown }];
  });
}

/** The source of an object that values render to: its fields are written in one of the files, under other names. */
export class ValuesSource extends ManifestSource {
  readonly #kind: ChartKind;
  readonly #files: readonly Readable[];
  readonly #merged: JsonObject;

  constructor(kind: ChartKind, files: readonly Readable[], merged: JsonObject) {
    super(files.at(-1)!.file, 0, []);
    this.#kind = kind;
    this.#files = files;
    this.#merged = merged;
  }

  override placeOf(field: Path): FieldPlace {
    const path = writtenPath(this.#kind, field, this.#merged);
    const jsons = this.#files.map(({ json }) => json);
    const { file } = this.#files[giverOf(jsons, path)]!;
    return { file, documentIndex: 0, path, isField: isField(this.#kind, field, path, this.#merged) };
  }

  nameOf(field: Path): string | undefined {
    return isSet(this.#kind, field) ? formatPath(valuesPath(this.#kind, field)) : undefined;
  }
}
