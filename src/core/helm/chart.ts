/**
 * What the vendor's chart makes of its values: which value becomes which field of the management
 * cluster's IOMeshCluster and ZookeeperCluster, and what stands there where nobody wrote one.
 * From the vendor's charts up to 1.0.x; where they leave a name open, it is that of the field.
 */
import { type ImageField, imageFields } from '../iomesh/images.ts';
import type { Json } from '../base/json.ts';
import { formatPath, isPrefix, type Path } from '../base/path.ts';

/** The kinds the chart renders that the rules know. */
export type ChartKind = 'IOMeshCluster' | 'ZookeeperCluster';

/** A field of a rendered object. */
export interface Target {
  readonly kind: ChartKind;
  readonly path: Path;
}

/** One value of the chart. */
export interface ChartValue {
  /** Its place in the values. */
  readonly path: readonly string[];
  /** The fields it becomes; the first is the one that findings are about. */
  readonly to: readonly Target[];
  /** What the chart itself has there; undefined where it has nothing. */
  readonly initial?: Json | undefined;
  /** Taken over as it stands, with all it holds. */
  readonly whole?: true | undefined;
}

/** A section of the values, and the part of an object that it becomes. */
export interface ChartSection {
  readonly path: readonly string[];
  readonly to: Target;
}

/** An image, and where the values speak of it. */
export interface ChartImage extends ImageField {
  readonly kind: ChartKind;
  readonly values: readonly string[];
}

/** Under this key everything stands that the chart reads of the cluster. */
export const ROOT = 'iomesh';

const cluster = (...path: string[]): Target => ({ kind: 'IOMeshCluster', path: ['spec', ...path] });
const zookeeper = (...path: string[]): Target => ({ kind: 'ZookeeperCluster', path: ['spec', ...path] });

function value(path: string, to: Target | readonly Target[], initial?: Json): ChartValue {
  const targets = [to].flat() as readonly Target[];
  return { path: [ROOT, ...path.split('.')], to: targets, ...(initial === undefined ? {} : { initial }) };
}

function whole(path: string, to: Target): ChartValue {
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

/** Every value that becomes a field, but for tags: those are put together of several. */
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

/** The values that from IOMesh 1.2 on are fields of their own; before, they are part of the tags. */
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

/** True for a place inside a value that is taken over as it stands: the rules of the object judge it. */
export function isTakenOver(path: Path): boolean {
  return CHART_VALUES.some((each) => each.whole === true && isPrefix(each.path, path));
}

/**
 * Where in the values a field of a rendered object is written, or would be. For a tag that is put
 * together, the place of the tag itself; for what no value sets, a place where nothing stands.
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
    targetsOf(valuesPath(kind, path)).some((each) => formatPath(each.path) === formatPath(path))
  );
}

/** The fields of rendered objects that a place in the values has a part in. */
export function targetsOf(path: Path): readonly Target[] {
  const found: Target[] = [];
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

/** The values that the tag of meta, chunk and redirector is put together of. */
export const ZBS_TAG_VALUES: readonly Path[] = ['edition', 'platform', 'appVersion'].map((each) => [
  ROOT,
  each,
]);
/** The value that the tag of the operator's images comes from. */
export const OPERATOR_VERSION: Path = [ROOT, 'operatorVersion'];
