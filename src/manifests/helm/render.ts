import { atLeast, type IomeshVersion } from '../../core/base/iomesh-version.ts';
import { at, isArray, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { zookeeperName } from '../../core/iomesh/cluster.ts';
import { isPrefix, type Path } from '../../core/base/path.ts';
import {
  CHART_IMAGES,
  CHART_SECTIONS,
  type ChartImage,
  type ChartKind,
  type ChartSection,
  type ChartValue,
  chartValues,
  CREATE_VALUES,
  CSI_DRIVER,
  FIXED_FIELDS,
  OPERATOR_VERSION,
  ROOT,
  type RenderedField,
  renderedFields,
} from '../../core/helm/chart.ts';
import { setMember } from '../yaml/compose.ts';
import { YamlError } from '../yaml/error.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { mergeValues } from './merge.ts';

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
  StorageClass: 'storage.k8s.io/v1',
};

/** The annotation of the class for PVCs without a class. */
const DEFAULT_ANNOTATION = 'storageclass.kubernetes.io/is-default-class';

/**
 * The objects that merged values render to: the IOMeshCluster, the ZookeeperCluster and the default
 * StorageClass, without those that the values turn off. `unsure` are paths of values with a known error: the
 * fields that they set are unknown.
 */
export function renderValues(
  values: JsonObject,
  release: HelmRelease,
  version: IomeshVersion,
  unsure: readonly Path[],
): Partial<Record<ChartKind, RenderedObject>> {
  const renderer = new Renderer(values, version, unsure);
  for (const { kind, path, value } of FIXED_FIELDS) renderer.put({ kind, path }, value);
  for (const section of CHART_SECTIONS) renderer.section(section);
  for (const value of chartValues(version)) renderer.value(value);
  if (!isEmpty(at(values, [CSI_DRIVER, 'storageClass', 'default'])))
    renderer.put(
      { kind: 'StorageClass', path: ['metadata', 'annotations'] },
      { [DEFAULT_ANNOTATION]: 'true' },
    );
  for (const image of CHART_IMAGES) {
    const to = { kind: image.kind, path: [...image.path, 'tag'] };
    const rendered = renderedTag(values, image, version);
    if (rendered.is === 'known') renderer.put(to, reread(rendered.tag));
    else if (rendered.is === 'chart') renderer.unknown(to);
  }
  // One value sets both dataCIDRs; an error in it is reported for the first.
  renderer.unknown({ kind: 'IOMeshCluster', path: ['spec', 'redirector', 'dataCIDR'] });
  for (const path of unsure) for (const target of renderedFields(path)) renderer.unknown(target);
  const objects: Partial<Record<ChartKind, RenderedObject>> = {};
  for (const kind of CREATE_VALUES.flatMap(({ path, kinds }) => (isCreated(values, path) ? kinds : []))) {
    const object = renderer.object(kind, release);
    if (object !== undefined) objects[kind] = object;
  }
  return objects;
}

/** Objects are created by default. Null removes this default. */
function isCreated(values: JsonObject, path: Path): boolean {
  const value = at(values, path);
  return value === undefined || !isEmpty(value);
}

class Renderer {
  readonly #values: JsonObject;
  readonly #version: IomeshVersion;
  readonly #unsure: readonly Path[];
  readonly #objects: Record<ChartKind, Record<string, Json>> = {
    IOMeshCluster: {},
    ZookeeperCluster: {},
    StorageClass: {},
  };
  readonly #unknown: Record<ChartKind, Path[]> = {
    IOMeshCluster: [],
    ZookeeperCluster: [],
    StorageClass: [],
  };
  /**
   * Sections that are not a mapping, so that Helm fails. The value becomes the field, so that a rule reports
   * it.
   */
  readonly #broken: ChartSection[] = [];
  /** Sections that null removes, so that Helm fails. */
  readonly #removed: ChartSection[] = [];

  constructor(values: JsonObject, version: IomeshVersion, unsure: readonly Path[]) {
    this.#values = values;
    this.#version = version;
    this.#unsure = unsure;
  }

  /** A section must be a mapping if it is set. Outer sections come first. */
  section(section: ChartSection): void {
    const { path, to, optional } = section;
    const value = at(this.#values, path);
    if (value === undefined || isObject(value) || this.#isBroken(path)) {
      // Of a podPolicy, the templates write what they know. If that is nothing, they write null.
      if (optional && to.kind === 'IOMeshCluster' && !isEmpty(value)) this.put(to, null);
      return;
    }
    if (optional && isEmpty(value)) return;
    if (value === null) {
      // IOM804 reports it.
      if (this.#isUnsure(path)) return;
      this.#removed.push(section);
      this.unknown(to);
    } else {
      if (to.path.length > 0) this.put(to, value);
      this.#broken.push(section);
    }
    if (path.length === 1) this.unknown({ kind: 'ZookeeperCluster', path: ['spec'] });
  }

  value(chartValue: ChartValue): void {
    const { path, to, form } = chartValue;
    if (this.#isBroken(path)) {
      for (const target of to) this.unknown(target);
      return;
    }
    const value = this.#effective(chartValue);
    if (form !== 'printed' && isEmpty(value)) return;
    const rendered = form === 'copied' ? (value ?? null) : reread(value ?? null);
    for (const target of to) this.put(target, rendered);
  }

  /** A value with the defaults of the chart. */
  #effective({ path, initial, fallback, form }: ChartValue): Json | undefined {
    const written = lookUp(this.#values, path);
    // Null in place of a chart within the chart leaves it the defaults of its own.
    if (path[0] === CSI_DRIVER && own(this.#values, CSI_DRIVER) === null)
      return this.#driverDefault(path, fallback ?? initial);
    if (written === undefined || (written === null && this.#isUnsure(path)))
      return this.#withRegistry(path, initial);
    if (fallback !== undefined && isEmpty(written)) return this.#driverDefault(path, fallback);
    if (form === 'copied' && isObject(initial) && isObject(written))
      return withoutNulls(mergeValues(initial, written));
    return this.#withRegistry(path, written);
  }

  /** The names that the CSI driver's chart makes up begin with the vendor's name and end with its own. */
  #driverDefault(path: Path, fallback: Json | undefined): Json | undefined {
    const name = printed(at(this.#values, [CSI_DRIVER, 'nameOverride']));
    return path[0] === CSI_DRIVER && typeof fallback === 'string' && name !== undefined
      ? fallback.replace(/csi-driver$/, name)
      : fallback;
  }

  put({ kind, path }: RenderedField, value: Json): void {
    if ([...this.#broken, ...this.#removed].some(({ to }) => to.kind === kind && isPrefix(to.path, path)))
      return;
    let holder: Json = this.#objects[kind];
    for (const step of path.slice(0, -1)) {
      let next = own(holder, step);
      if (next === undefined || next === null) {
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

  object(kind: ChartKind, { name, namespace }: HelmRelease): RenderedObject | undefined {
    const failed = [...this.#broken, ...this.#removed];
    if (failed.some(({ to }) => to.kind === kind && to.path.length === 0)) return undefined;
    const metadata =
      kind === 'StorageClass'
        ? {}
        : { name: kind === 'ZookeeperCluster' ? zookeeperName(name) : name, namespace };
    const spec = kind === 'StorageClass' ? {} : { spec: {} };
    const json: JsonObject = { apiVersion: API[kind], kind, metadata, ...spec, ...this.#objects[kind] };
    // A broken section must be reported.
    const unknown = this.#unknown[kind].filter(
      (path) => !this.#broken.some(({ to }) => to.kind === kind && isPrefix(to.path, path)),
    );
    return { json, unknown };
  }

  #isBroken(path: Path): boolean {
    return [...this.#broken, ...this.#removed].some((each) => isPrefix(each.path, path));
  }

  #isUnsure(path: Path): boolean {
    return this.#unsure.some((each) => isPrefix(each, path));
  }

  /** From 1.2 on, the templates of the cluster write the registry before each repository. */
  #withRegistry(path: Path, value: Json | undefined): Json | undefined {
    if (!atLeast(this.#version, '1.2') || path.at(-1) !== 'repository') return value;
    if (typeof value !== 'string' || value === '') return value;
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

/** Null in values removes the default of a key. */
function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** True for a value that is false in a template. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  if (isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return typeof value !== 'boolean' && Number(value) === 0;
}

/**
 * A value after a template has printed it without quotes: YAML reads the text again, so `"1.5"` becomes a
 * number. A text that YAML rejects, and with which Helm fails, is kept.
 */
function reread(value: Json): Json {
  if (typeof value !== 'string') return value;
  if (value.includes('\n')) return value;
  try {
    return own(readYaml(`value: ${value}`).json, 'value') ?? null;
  } catch (error) {
    if (error instanceof YamlError) return value;
    throw error;
  }
}

/** The version of meta, chunk and redirector in the 1.0 charts. */
const APP_VERSION = 'v5.3.0-rc13';
/** The version of ZooKeeper in the 1.0 charts. */
const ZOOKEEPER_VERSION = '3.5.9';

/** `chart`: the tag depends on the version of the chart. `none`: the object has no tag. */
type RenderedTag = { readonly is: 'known'; readonly tag: Json } | { readonly is: 'chart' | 'none' };

/**
 * The tag of an image: the value, or the one that the chart builds. From IOMesh 1.1 on, meta, chunk and
 * redirector have none.
 */
function renderedTag(values: JsonObject, image: ChartImage, version: IomeshVersion): RenderedTag {
  const written = lookUp(values, [...image.values, 'tag']);
  if (!isEmpty(written)) return { is: 'known', tag: written ?? null };
  if (image.group === 'zookeeper') {
    if (written !== undefined) return { is: 'known', tag: null };
    return atLeast(version, '1.1') ? { is: 'chart' } : { is: 'known', tag: ZOOKEEPER_VERSION };
  }
  if (image.group === 'operator') {
    const tag = printed(at(values, OPERATOR_VERSION));
    return tag === undefined ? { is: 'chart' } : { is: 'known', tag };
  }
  if (atLeast(version, '1.1')) return { is: 'none' };
  const iomesh = own(values, ROOT);
  const platform = own(iomesh, 'platform') === 'hygon_x86_64' ? '-hygon' : '';
  const edition = printed(own(iomesh, 'edition')) ?? 'community';
  return { is: 'known', tag: `${printed(own(iomesh, 'appVersion')) ?? APP_VERSION}-${edition}${platform}` };
}

/** A value as a template prints it; undefined for a value that is empty to it. */
function printed(value: Json | undefined): string | undefined {
  if (isEmpty(value) || typeof value === 'object') return undefined;
  return String(value);
}
