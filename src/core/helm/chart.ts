/**
 * How the vendor's chart renders its values: which value becomes which field of the management cluster's
 * IOMeshCluster and ZookeeperCluster and of the default StorageClass, and the default of each value. Taken from
 * the vendor's charts 1.0.x; of the charts from 1.1 on, the guides are the source, and a value that they do not
 * show is read as in 1.0.
 */
import { DEFAULT_CONFIG } from '../base/config.ts';
import { atLeast, type IomeshVersion } from '../base/iomesh-version.ts';
import { type ImageField, imageFields } from '../iomesh/images.ts';
import { DEFAULT_CLASS } from '../iomesh/storage-class.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { formatPath, isPrefix, type Path } from '../base/path.ts';

/** The kinds that the chart renders and the rules know. */
export const CHART_KINDS = ['IOMeshCluster', 'ZookeeperCluster', 'StorageClass'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** A field of a rendered object. */
export interface RenderedField {
  readonly kind: ChartKind;
  readonly path: Path;
}

/**
 * How a template writes a value. `printed`: always, as text that YAML reads again, so an empty value becomes
 * null. `optional`: as text, unless it is empty. `copied`: with all that it contains, unless it is empty.
 */
type ValueForm = 'printed' | 'optional' | 'copied';

/** One value of the chart. */
export interface ChartValue {
  /** Its path in the values. */
  readonly path: readonly string[];
  /** The fields that it becomes. Findings are about the first one. */
  readonly to: readonly RenderedField[];
  readonly form: ValueForm;
  /** The default of the chart; undefined if it has none. */
  readonly initial?: Json | undefined;
  /** What the template writes for an empty value. */
  readonly fallback?: Json | undefined;
  /** The first IOMesh version whose chart reads it, if it is not 1.0. */
  readonly since?: IomeshVersion | undefined;
}

/** A section of the values, and the section of an object that it becomes. */
export interface ChartSection {
  readonly path: readonly string[];
  readonly to: RenderedField;
  /** The templates accept null in its place. Of other sections null removes the defaults, and Helm fails. */
  readonly optional?: true | undefined;
}

/** An image of an object, and its section in the values. */
export interface ChartImage extends ImageField {
  readonly kind: ChartKind;
  readonly values: readonly string[];
}

/** The key that contains all values of the cluster. */
export const ROOT = 'iomesh';
/** The key of the CSI driver's chart, which makes the default StorageClass. */
export const CSI_DRIVER = 'csi-driver';

const cluster = (...path: string[]): RenderedField => ({ kind: 'IOMeshCluster', path: ['spec', ...path] });
const zookeeper = (...path: string[]): RenderedField => ({
  kind: 'ZookeeperCluster',
  path: ['spec', ...path],
});

const storageClass = (...path: string[]): RenderedField => ({ kind: 'StorageClass', path });

function value(
  path: string,
  to: RenderedField | readonly RenderedField[],
  rest: Partial<ChartValue> = {},
): ChartValue {
  const targets = [to].flat() as readonly RenderedField[];
  return { path: [ROOT, ...path.split('.')], to: targets, form: 'printed', ...rest };
}

/** A value of the CSI driver's chart. */
function classValue(path: string, to: RenderedField, rest: Partial<ChartValue> = {}): ChartValue {
  return { ...value(path, to, rest), path: [CSI_DRIVER, ...path.split('.')] };
}

const COPIED = { form: 'copied' } as const;
const OPTIONAL = { form: 'optional' } as const;

/** What the templates read of each podPolicy. */
const POD_POLICY = ['nodeSelector', 'affinity', 'tolerations'] as const;

function podPolicy(component: string, to: RenderedField): readonly ChartValue[] {
  return POD_POLICY.map((key) =>
    value(`${component}.podPolicy.${key}`, { ...to, path: [...to.path, key] }, COPIED),
  );
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

/** The parameters of the default StorageClass. */
const CLASS_PARAMETERS: JsonObject = {
  'csi.storage.k8s.io/fstype': 'ext4',
  replicaFactor: '2',
  thinProvision: 'true',
};

/** Every value that becomes a field, except tags, which are combined from several values. */
export const CHART_VALUES: readonly ChartValue[] = [
  value('edition', cluster('edition'), { ...OPTIONAL, since: '1.1' }),
  value('platform', cluster('platform'), { ...OPTIONAL, since: '1.1' }),
  value('cpuExclusiveOptions', cluster('cpuExclusiveOptions'), { ...COPIED, since: '1.1' }),
  value('diskDeploymentMode', cluster('diskDeploymentMode'), { ...OPTIONAL, initial: 'hybridFlash' }),
  value('storageClass', cluster('storageClass'), { initial: 'hostpath' }),
  value('reclaimPolicy.volume', cluster('reclaimPolicy', 'volume'), { initial: 'Delete' }),
  value('reclaimPolicy.blockdevice', cluster('reclaimPolicy', 'blockdevice'), { initial: 'Delete' }),
  value('meta.replicaCount', cluster('meta', 'replicas'), { initial: 3 }),
  ...podPolicy('meta', cluster('meta', 'podPolicy')),
  value('meta.resources', cluster('meta', 'resources'), COPIED),
  value('meta.extraEnvs', cluster('meta', 'extraEnvs'), { ...COPIED, since: '1.1' }),
  value('chunk.extraEnvs', cluster('chunk', 'extraEnvs'), { ...COPIED, since: '1.1' }),
  // The guide of 1.2 shows them in the values only.
  ...['prioritizedSpaceRatioMap', 'defaultPrioSpaceRatio'].map((key) =>
    value(`chunk.${key}`, [], { ...COPIED, since: '1.2' }),
  ),
  value('chunk.replicaCount', cluster('chunk', 'replicas'), { initial: 3 }),
  value('chunk.dataCIDR', [cluster('chunk', 'dataCIDR'), cluster('redirector', 'dataCIDR')], { initial: '' }),
  value('chunk.accessCIDR', cluster('chunk', 'accessCIDR'), OPTIONAL),
  value(
    'chunk.devicemanager.blockDeviceNamespace',
    cluster('chunk', 'devicemanager', 'blockDeviceNamespace'),
    OPTIONAL,
  ),
  value('chunk.deviceMap', cluster('chunk', 'deviceMap'), COPIED),
  ...podPolicy('chunk', cluster('chunk', 'podPolicy')),
  value('chunk.resources', cluster('chunk', 'resources'), COPIED),
  value('redirector.iscsiVirtualIP', cluster('redirector', 'iscsiVirtualIP'), OPTIONAL),
  ...podPolicy('redirector', cluster('redirector', 'podPolicy')),
  value('redirector.resources', cluster('redirector', 'resources'), COPIED),
  value('zookeeper.replicas', zookeeper('replicas'), { initial: 3, fallback: 3 }),
  ...podPolicy('zookeeper', zookeeper('pod')),
  value('zookeeper.reclaimPolicy', zookeeper('persistence', 'reclaimPolicy'), { initial: 'Delete' }),
  value('zookeeper.storageClass', zookeeper('persistence', 'spec', 'storageClassName'), {
    initial: 'hostpath',
  }),
  value('zookeeper.storageSize', zookeeper('persistence', 'spec', 'resources', 'requests', 'storage'), {
    initial: '20Gi',
  }),
  ...CHART_IMAGES.flatMap(({ kind, path, values, repositoryName, group }): ChartValue[] => [
    {
      path: [...values, 'repository'],
      to: [{ kind, path: [...path, 'repository'] }],
      form: 'printed',
      initial: `iomesh/${repositoryName}`,
    },
    {
      path: [...values, 'pullPolicy'],
      to: [{ kind, path: [...path, 'pullPolicy'] }],
      form: 'printed',
      initial: 'IfNotPresent',
      fallback: group === 'zookeeper' ? 'IfNotPresent' : undefined,
    },
  ]),
  classValue('storageClass.nameOverride', storageClass('metadata', 'name'), {
    initial: DEFAULT_CLASS,
    fallback: 'smtx-csi-driver',
  }),
  classValue('driver.nameOverride', storageClass('provisioner'), {
    initial: DEFAULT_CONFIG.provisioner,
    fallback: 'com.smartx.csi-driver',
  }),
  classValue('storageClass.parameters', storageClass('parameters'), {
    ...COPIED,
    initial: CLASS_PARAMETERS,
  }),
  classValue('storageClass.reclaimPolicy', storageClass('reclaimPolicy'), {
    initial: 'Delete',
    fallback: 'Delete',
  }),
  classValue('storageClass.allowVolumeExpansion', storageClass('allowVolumeExpansion'), {
    initial: true,
    fallback: true,
  }),
  classValue('storageClass.volumeBindingMode', storageClass('volumeBindingMode'), {
    initial: 'Immediate',
    fallback: 'Immediate',
  }),
];

/** Fields of the rendered objects that no value sets. */
export const FIXED_FIELDS: readonly (RenderedField & { readonly value: Json })[] = [
  { ...zookeeper('pod', 'securityContext'), value: { runAsUser: 0 } },
  {
    ...zookeeper('pod', 'resources'),
    value: { limits: { cpu: '400m', memory: '2000Mi' }, requests: { cpu: '400m', memory: '2000Mi' } },
  },
];

/** The values that decide whether objects are created, each with the kinds of these objects. */
export const CREATE_VALUES: readonly { readonly path: Path; readonly kinds: readonly ChartKind[] }[] = [
  { path: [ROOT, 'create'], kinds: ['IOMeshCluster', 'ZookeeperCluster'] },
  { path: [CSI_DRIVER, 'storageClass', 'create'], kinds: ['StorageClass'] },
];

/** The editions and platforms that the vendor has images for; empty ones have a default. */
export const VARIANTS: Readonly<Record<'edition' | 'platform', readonly string[]>> = {
  edition: ['community', 'enterprise'],
  platform: ['hygon_x86_64'],
};

/** The values that the chart of an IOMesh version reads. */
export function chartValues(version: IomeshVersion): readonly ChartValue[] {
  return CHART_VALUES.filter(({ since }) => since === undefined || atLeast(version, since));
}

const POD_POLICIES: readonly ChartSection[] = [
  ...['meta', 'chunk', 'redirector'].map((name) => ({
    path: [ROOT, name, 'podPolicy'],
    to: cluster(name, 'podPolicy'),
    optional: true as const,
  })),
  { path: [ROOT, 'zookeeper', 'podPolicy'], to: zookeeper('pod'), optional: true },
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
  ...POD_POLICIES,
  { path: [CSI_DRIVER, 'storageClass'], to: storageClass() },
];

/** True for a place inside a value that is copied as it is. The rules of the object check it. */
export function isCopied(path: Path): boolean {
  return CHART_VALUES.some((each) => each.form === 'copied' && isPrefix(each.path, path));
}

/**
 * The path in the values that sets a field of a rendered object. For a combined tag, the path of the tag
 * itself; for a field that no value sets, a path that does not exist.
 */
export function valuesPath(kind: ChartKind, path: Path): Path {
  const tag = CHART_IMAGES.find((each) => each.kind === kind && isPrefix([...each.path, 'tag'], path));
  if (tag !== undefined) return [...tag.values, 'tag'];
  for (const { path: from, to } of CHART_VALUES)
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
  for (const { path: from, to } of CHART_VALUES) {
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
