import type { IomeshVersion } from '../../core/base/iomesh-version.ts';
import { at, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { zookeeperName } from '../../core/iomesh/cluster.ts';
import { isPrefix, type Path } from '../../core/base/path.ts';
import {
  CHART_IMAGES,
  CHART_SECTIONS,
  CHART_VALUES,
  type ChartImage,
  type ChartKind,
  type ChartValue,
  OPERATOR_VERSION,
  ROOT,
  type RenderedField,
  renderedFields,
  VARIANT_VALUES,
} from '../../core/helm/chart.ts';
import { setMember } from '../yaml/compose.ts';

/** The release that values are installed as. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
}

/** An object that values render to. */
interface RenderedObject {
  readonly json: JsonObject;
  /** Fields whose value does not follow from the values. */
  readonly unknown: readonly Path[];
}

const API: Record<ChartKind, string> = {
  IOMeshCluster: 'iomesh.com/v1alpha1',
  ZookeeperCluster: 'zookeeper.pravega.io/v1beta1',
};

/**
 * The IOMeshCluster and the ZookeeperCluster that merged values render to. `unsure` are paths of values
 * with a known error: the fields that they set are unknown.
 */
export function renderValues(
  values: JsonObject,
  release: HelmRelease,
  version: IomeshVersion,
  unsure: readonly Path[],
): Record<ChartKind, RenderedObject> {
  const renderer = new Renderer(values, unsure);
  for (const section of CHART_SECTIONS) renderer.section(section.path, section.to);
  for (const value of CHART_VALUES) renderer.value(value);
  if (version !== '1.0') for (const value of VARIANT_VALUES) renderer.value(value);
  for (const image of CHART_IMAGES) {
    const to = { kind: image.kind, path: [...image.path, 'tag'] };
    const rendered = renderedTag(values, image, version);
    if (rendered.is === 'known') renderer.put(to, rendered.tag);
    else if (rendered.is === 'chart') renderer.unknown(to);
  }
  // One value sets both dataCIDRs; an error in it is reported for the first.
  renderer.unknown({ kind: 'IOMeshCluster', path: ['spec', 'redirector', 'dataCIDR'] });
  for (const path of unsure) for (const target of renderedFields(path)) renderer.unknown(target);
  return {
    IOMeshCluster: renderer.object('IOMeshCluster', release.name, release.namespace),
    ZookeeperCluster: renderer.object('ZookeeperCluster', zookeeperName(release.name), release.namespace),
  };
}

class Renderer {
  readonly #values: JsonObject;
  readonly #unsure: readonly Path[];
  readonly #specs: Record<ChartKind, Record<string, Json>> = { IOMeshCluster: {}, ZookeeperCluster: {} };
  readonly #unknown: Record<ChartKind, Path[]> = { IOMeshCluster: [], ZookeeperCluster: [] };
  /** Sections that are not a mapping. The value becomes the field, so that a rule reports it. */
  readonly #broken: { readonly path: Path; readonly to: RenderedField }[] = [];

  constructor(values: JsonObject, unsure: readonly Path[]) {
    this.#values = values;
    this.#unsure = unsure;
  }

  /** A section must be a mapping if it is set. Outer sections come first. */
  section(path: Path, to: RenderedField): void {
    const value = at(this.#values, path);
    if (value === undefined || value === null || isObject(value) || this.#isBroken(path)) return;
    this.#broken.push({ path, to });
    this.put(to, value);
    if (path.length === 1) this.unknown({ kind: 'ZookeeperCluster', path: ['spec'] });
  }

  value(chartValue: ChartValue): void {
    const { path, to, initial } = chartValue;
    if (this.#isBroken(path)) {
      for (const target of to) this.unknown(target);
      return;
    }
    const written = lookUp(this.#values, path);
    if (written !== undefined && written !== null)
      for (const target of to) this.put(target, textual(chartValue, this.#withRegistry(path, written)));
    else if (initial !== undefined && (written === undefined || this.#isUnsure(path)))
      for (const target of to) this.put(target, this.#withRegistry(path, initial));
  }

  put({ kind, path }: RenderedField, value: Json): void {
    let holder: Json = this.#specs[kind];
    for (const step of path.slice(0, -1)) {
      let next = own(holder, step);
      if (next === undefined) {
        next = {};
        setMember(holder as Record<string, Json>, String(step), next);
      }
      if (!isObject(next)) return;
      holder = next;
    }
    setMember(holder as Record<string, Json>, String(path.at(-1)), value);
  }

  unknown({ kind, path }: RenderedField): void {
    this.#unknown[kind].push(path);
  }

  object(kind: ChartKind, name: string, namespace: string): RenderedObject {
    const spec = own(this.#specs[kind], 'spec') ?? {};
    const json: JsonObject = { apiVersion: API[kind], kind, metadata: { name, namespace }, spec };
    // A broken section must be reported.
    const unknown = this.#unknown[kind].filter(
      (path) => !this.#broken.some(({ to }) => to.kind === kind && isPrefix(to.path, path)),
    );
    return { json, unknown };
  }

  #isBroken(path: Path): boolean {
    return this.#broken.some((each) => isPrefix(each.path, path));
  }

  #isUnsure(path: Path): boolean {
    return this.#unsure.some((each) => isPrefix(each, path));
  }

  #withRegistry(path: Path, value: Json): Json {
    if (path.at(-1) !== 'repository' || typeof value !== 'string' || value === '') return value;
    const registry = at(this.#values, ['global', 'registry']);
    // An image without a registry comes from Docker Hub too.
    return typeof registry === 'string' && registry !== 'docker.io/' ? `${registry}${value}` : value;
  }
}

/** The value at a path: undefined if it is not set, null if null removes it. */
function lookUp(values: JsonObject, path: Path): Json | undefined {
  let current: Json | undefined = values;
  for (const step of path) {
    if (current === null) return null;
    current = own(current, step);
    if (current === undefined) return undefined;
  }
  return current;
}

/** A template prints a number and a text of digits the same way. */
function textual({ path }: ChartValue, value: Json): Json {
  const isCount = path.at(-1) === 'replicaCount' || path.at(-1) === 'replicas';
  return isCount && typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** The version of meta, chunk and redirector in the 1.0 charts. */
const APP_VERSION = 'v5.3.0-rc13';

/** `chart`: the tag depends on the version of the chart. `none`: the object has no tag. */
type RenderedTag = { readonly is: 'known'; readonly tag: Json } | { readonly is: 'chart' | 'none' };

/** The tag of an image: the value, or the one that the chart builds. From IOMesh 1.2 on, it builds none. */
function renderedTag(values: JsonObject, image: ChartImage, version: IomeshVersion): RenderedTag {
  const written = at(values, [...image.values, 'tag']);
  if (written !== undefined && written !== null && written !== '') return { is: 'known', tag: written };
  if (image.group === 'operator') {
    const tag = printed(at(values, OPERATOR_VERSION));
    return tag === undefined ? { is: 'chart' } : { is: 'known', tag };
  }
  if (image.group !== 'zbs') return { is: 'chart' };
  if (version !== '1.0') return { is: 'none' };
  const iomesh = own(values, ROOT);
  const platform = printed(own(iomesh, 'platform')) === 'hygon_x86_64' ? '-hygon' : '';
  const edition = printed(own(iomesh, 'edition')) ?? 'community';
  return { is: 'known', tag: `${printed(own(iomesh, 'appVersion')) ?? APP_VERSION}-${edition}${platform}` };
}

/** A value as a template prints it; undefined for a value that is empty to it. */
function printed(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint')
    return Number(value) === 0 ? undefined : String(value);
  return value === true ? 'true' : undefined;
}
