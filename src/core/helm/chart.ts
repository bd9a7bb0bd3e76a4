/**
 * How the vendor's chart renders its values: which value becomes which field of the management cluster's
 * IOMeshCluster and ZookeeperCluster, and the default of each value. Taken from the vendor's charts up to
 * 1.0.x. A value that they do not show has the name of its field.
 */
import { type ImageField, imageFields } from '../iomesh/images.ts';
import type { Json } from '../base/json.ts';
import { formatPath, isPrefix, type Path } from '../base/path.ts';

/** The kinds that the chart renders and the rules know. */
export type ChartKind = 'IOMeshCluster' | 'ZookeeperCluster';

/** A field of a rendered object. */
export interface RenderedField {
  readonly kind: ChartKind;
  readonly path: Path;
}

/** One value of the chart. */
export interface ChartValue {
  /** Its path in the values. */
  readonly path: readonly string[];
  /** The fields that it becomes. Findings are about the first one. */
  readonly to: readonly RenderedField[];
  /** The default of the chart; undefined if it has none. */
  readonly initial?: Json | undefined;
  /** The value is copied as it is, with all that it contains. */
  readonly whole?: true | undefined;
}

/** A section of the values, and the section of an object that it becomes. */
export interface ChartSection {
  readonly path: readonly string[];
  readonly to: RenderedField;
}

/** An image of an object, and its section in the values. */
export interface ChartImage extends ImageField {
  readonly kind: ChartKind;
  readonly values: readonly string[];
}

/** The key that contains all values of the cluster. */
export const ROOT = 'iomesh';

const cluster = (...path: string[]): RenderedField => ({ kind: 'IOMeshCluster', path: ['spec', ...path] });
const zookeeper = (...path: string[]): RenderedField => ({
  kind: 'ZookeeperCluster',
  path: ['spec', ...path],
});

function value(path: string, to: RenderedField | readonly RenderedField[], initial?: Json): ChartValue {
  const targets = [to].flat() as readonly RenderedField[];
  return { path: [ROOT, ...path.split('.')], to: targets, initial };
}

function whole(path: string, to: RenderedField): ChartValue {
  return { ...value(path, to), whole: true };
}

/** Every image of the two objects. */
export const CHART_IMAGES: readonly ChartImage[] = [
  ...imageFields({ kind: 'IOMeshCluster' }).map((image) => ({
    ...image,
    kind: 'IOMeshCluster' as const,
    values: [ROOT, ...image.path.slice(1).map(String)],
  })),
  ...imageFields({ kind: 'ZookeeperCluster' }).map((image) => ({
    ...image,
    kind: 'ZookeeperCluster' as const,
    values: [ROOT, 'zookeeper', 'image'],
  })),
];

/** Every value that becomes a field, except tags, which are combined from several values. */
export const CHART_VALUES: readonly ChartValue[] = [
  value('diskDeploymentMode', cluster('diskDeploymentMode'), 'hybridFlash'),
  value('storageClass', cluster('storageClass'), 'hostpath'),
  value('reclaimPolicy.volume', cluster('reclaimPolicy', 'volume'), 'Delete'),
  value('reclaimPolicy.blockdevice', cluster('reclaimPolicy', 'blockdevice'), 'Delete'),
  value('licenseSecretName', cluster('licenseSecretName')),
  value('portOffset', cluster('portOffset')),
  value('meta.replicaCount', cluster('meta', 'replicas'), 3),
  whole('meta.podPolicy', cluster('meta', 'podPolicy')),
  whole('meta.resources', cluster('meta', 'resources')),
  value('chunk.replicaCount', cluster('chunk', 'replicas'), 3),
  value('chunk.dataCIDR', [cluster('chunk', 'dataCIDR'), cluster('redirector', 'dataCIDR')], ''),
  value('chunk.accessCIDR', cluster('chunk', 'accessCIDR')),
  value(
    'chunk.devicemanager.blockDeviceNamespace',
    cluster('chunk', 'devicemanager', 'blockDeviceNamespace'),
  ),
  whole('chunk.deviceMap', cluster('chunk', 'deviceMap')),
  whole('chunk.podPolicy', cluster('chunk', 'podPolicy')),
  whole('chunk.resources', cluster('chunk', 'resources')),
  value('redirector.iscsiVirtualIP', cluster('redirector', 'iscsiVirtualIP')),
  whole('redirector.podPolicy', cluster('redirector', 'podPolicy')),
  whole('redirector.resources', cluster('redirector', 'resources')),
  value('zookeeper.replicas', zookeeper('replicas'), 3),
  whole('zookeeper.podPolicy', zookeeper('pod')),
  value('zookeeper.reclaimPolicy', zookeeper('persistence', 'reclaimPolicy'), 'Delete'),
  value('zookeeper.storageClass', zookeeper('persistence', 'spec', 'storageClassName'), 'hostpath'),
  value(
    'zookeeper.storageSize',
    zookeeper('persistence', 'spec', 'resources', 'requests', 'storage'),
    '20Gi',
  ),
  ...CHART_IMAGES.flatMap(({ kind, path, values, repository }) => [
    {
      path: [...values, 'repository'],
      to: [{ kind, path: [...path, 'repository'] }],
      initial: `iomesh/${repository}`,
    },
    {
      path: [...values, 'pullPolicy'],
      to: [{ kind, path: [...path, 'pullPolicy'] }],
      initial: 'IfNotPresent',
    },
  ]),
];

/** The values that are separate fields from IOMesh 1.2 on. Before, they are part of the tags. */
export const VARIANT_VALUES: readonly ChartValue[] = [
  value('edition', cluster('edition')),
  value('platform', cluster('platform')),
];

/** The sections, outer ones first. */
export const CHART_SECTIONS: readonly ChartSection[] = [
  { path: [ROOT], to: cluster() },
  ...['reclaimPolicy', 'meta', 'chunk', 'redirector', 'probe', 'toolbox'].map((name) => ({
    path: [ROOT, name],
    to: cluster(name),
  })),
  { path: [ROOT, 'zookeeper'], to: zookeeper() },
  { path: [ROOT, 'chunk', 'devicemanager'], to: cluster('chunk', 'devicemanager') },
  ...CHART_IMAGES.map(({ kind, path, values }) => ({ path: values, to: { kind, path } })),
];

/** True for a place inside a value that is copied as it is. The rules of the object check it. */
export function isCopied(path: Path): boolean {
  return CHART_VALUES.some((each) => each.whole === true && isPrefix(each.path, path));
}

/**
 * The path in the values that sets a field of a rendered object. For a combined tag, the path of the tag
 * itself; for a field that no value sets, a path that does not exist.
 */
export function valuesPath(kind: ChartKind, path: Path): Path {
  const tag = CHART_IMAGES.find((each) => each.kind === kind && isPrefix([...each.path, 'tag'], path));
  if (tag !== undefined) return [...tag.values, 'tag'];
  for (const { path: from, to } of [...CHART_VALUES, ...VARIANT_VALUES])
    for (const target of to)
      if (target.kind === kind && isPrefix(target.path, path))
        return [...from, ...path.slice(target.path.length)];
  const section = CHART_SECTIONS.findLast((each) => each.to.kind === kind && isPrefix(each.to.path, path));
  return section === undefined
    ? [
        ROOT,
        ...(kind === 'ZookeeperCluster' ? ['zookeeper'] : []),
        ...(path.length === 0 ? ['metadata'] : path),
      ]
    : [...section.path, ...path.slice(section.to.path.length)];
}

/** True for a field that a value sets, and for a section that a section of the values becomes. */
export function isSet(kind: ChartKind, path: Path): boolean {
  const targets = [...CHART_VALUES.flatMap(({ to }) => to), ...CHART_SECTIONS.map(({ to }) => to)];
  return (
    targets.some((each) => each.kind === kind && formatPath(each.path) === formatPath(path)) ||
    renderedFields(valuesPath(kind, path)).some((each) => formatPath(each.path) === formatPath(path))
  );
}

/** The fields of rendered objects that depend on a place in the values. */
export function renderedFields(path: Path): readonly RenderedField[] {
  const found: RenderedField[] = [];
  for (const { path: from, to } of [...CHART_VALUES, ...VARIANT_VALUES]) {
    if (isPrefix(path, from)) found.push(...to);
    else if (isPrefix(from, path))
      for (const target of to)
        found.push({ kind: target.kind, path: [...target.path, ...path.slice(from.length)] });
  }
  for (const image of CHART_IMAGES) {
    const target = { kind: image.kind, path: [...image.path, 'tag'] };
    const parts =
      image.group === 'zbs' ? ZBS_TAG_VALUES : image.group === 'operator' ? [OPERATOR_VERSION] : [];
    if ([[...image.values, 'tag'], ...parts].some((each) => isPrefix(path, each))) found.push(target);
  }
  return found;
}

/** The values that the tag of meta, chunk and redirector is combined from. */
export const ZBS_TAG_VALUES: readonly Path[] = ['edition', 'platform', 'appVersion'].map((each) => [
  ROOT,
  each,
]);
/** The value that the tag of the operator's images comes from. */
export const OPERATOR_VERSION: Path = [ROOT, 'operatorVersion'];
