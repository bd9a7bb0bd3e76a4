import { clusterOf, objectsOf } from './cluster.ts';
import { readField, readString } from '../schema/read-field.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

/**
 * Images that are released together and so share one tag: those of the storage software (`zbs`) and
 * those of the operator. Tags of two groups have nothing to do with each other.
 */
export type ParityGroup = 'zbs' | 'operator' | 'zookeeper';

/** One image field of an IOMeshCluster or a ZookeeperCluster. */
export interface ImageField {
  readonly component: string;
  readonly group: ParityGroup;
  /** The path of the image: `spec.meta.image`. */
  readonly path: Path;
  /** The last part of its repository in the vendor's releases. */
  readonly repository: string;
}

const CLUSTER_IMAGES: readonly ImageField[] = [
  image('meta', 'zbs', 'zbs-metad', ['spec', 'meta']),
  image('chunk', 'zbs', 'zbs-chunkd', ['spec', 'chunk']),
  image('redirector', 'zbs', 'zbs-iscsi-redirectord', ['spec', 'redirector']),
  image('devicemanager', 'operator', 'operator-devicemanager', ['spec', 'chunk', 'devicemanager']),
  image('probe', 'operator', 'operator-probe', ['spec', 'probe']),
  image('toolbox', 'operator', 'operator-toolbox', ['spec', 'toolbox']),
];
const ZOOKEEPER_IMAGES: readonly ImageField[] = [image('zookeeper', 'zookeeper', 'zookeeper', ['spec'])];

function image(component: string, group: ParityGroup, repository: string, owner: Path): ImageField {
  return { component, group, repository, path: [...owner, 'image'] };
}

/** The image fields an object of this kind has; none for other kinds. */
export function imageFields({ kind }: Pick<Resource, 'kind'>): readonly ImageField[] {
  if (kind === 'IOMeshCluster') return CLUSTER_IMAGES;
  return kind === 'ZookeeperCluster' ? ZOOKEEPER_IMAGES : [];
}

/** The image fields that an object fills in. A section that is missing altogether is reported as such. */
export function imagesOf(resource: Resource): readonly ImageField[] {
  return imageFields(resource).filter(({ path }) => isObject(at(resource.json, path)));
}

/** A text of an image: undefined where it cannot be relied on, the empty text where it is absent or empty. */
export function imageText(
  world: World,
  resource: Resource,
  { path }: ImageField,
  key: 'tag' | 'repository' | 'pullPolicy',
): string | undefined {
  const field = readString(world, resource, [...path, key]);
  if (field.state === 'invalid') return undefined;
  return field.value ?? '';
}

/** True where the field is written, be it empty: an edit replaces it rather than adds it. */
export function isWritten(resource: Resource, path: Path): boolean {
  return at(resource.json, path) !== undefined;
}

/**
 * The management cluster's object that this one has to match: its IOMeshCluster or its ZookeeperCluster.
 * Undefined for the management cluster itself, for a ZookeeperCluster of no IOMesh cluster, and where the
 * world does not hold it.
 */
export function managementPeer(world: World, resource: Resource): Resource | undefined {
  const id = clusterOf(resource.ref);
  const management = world.config.managementCluster;
  if (id === undefined || (id.namespace === management.namespace && id.name === management.name))
    return undefined;
  const { cluster, zookeeper } = objectsOf(world, management);
  return resource.kind === 'ZookeeperCluster' ? zookeeper : cluster;
}

/** What a tag of a zbs image says: `v5.3.0-rc13-enterprise-hygon`. Tags have no order. */
export interface ImageTag {
  readonly version: string;
  readonly edition: string;
  readonly platform: string;
}

/** Takes edition and platform off the end of a tag; either is empty where the tag does not name it. */
export function parseTag(tag: string): ImageTag {
  const match = /^(.*?)(?:-(community|enterprise))?(?:-(hygon))?$/s.exec(tag);
  return { version: match?.[1] ?? tag, edition: match?.[2] ?? '', platform: match?.[3] ?? '' };
}

export const TAG_PARTS = ['version', 'edition', 'platform'] as const;

/** Which parts of two tags differ: `version`, `edition`, `platform`. */
export function tagDifference(a: string, b: string): readonly (keyof ImageTag)[] {
  const [left, right] = [parseTag(a), parseTag(b)];
  return TAG_PARTS.filter((part) => left[part] !== right[part]);
}

/** The fields that stand for edition and platform where tags do not (IOMesh 1.2). */
export const VARIANT_FIELDS = ['edition', 'platform'] as const;
export type VariantField = (typeof VARIANT_FIELDS)[number];

/** `spec.edition` or `spec.platform`: undefined where it cannot be relied on, empty where it is absent. */
export function variantText(world: World, resource: Resource, field: VariantField): string | undefined {
  const found = readField(world, resource, ['spec', field]);
  if (found.state === 'absent') return '';
  return typeof found.value === 'string' ? found.value : undefined;
}
