import { Derived } from '../base/derived.ts';
import { clusterOf, objectsOf } from './cluster.ts';
import { readField, readString } from '../schema/read-field.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

/**
 * Images that are released together and have the same tag: those of the storage software (`zbs`), of the
 * operator and of ZooKeeper. Tags of different groups cannot be compared.
 */
export type ParityGroup = 'zbs' | 'operator' | 'zookeeper';

/** One image field of an IOMeshCluster or a ZookeeperCluster. */
export interface ImageField {
  readonly component: string;
  readonly group: ParityGroup;
  /** The path of the image: `spec.meta.image`. */
  readonly path: Path;
  /** The paths of its fields. */
  readonly tag: Path;
  readonly repository: Path;
  readonly pullPolicy: Path;
  /** The last part of the repository in the releases of the vendor. */
  readonly repositoryName: string;
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

function image(component: string, group: ParityGroup, repositoryName: string, owner: Path): ImageField {
  const path = [...owner, 'image'];
  const field = (key: string) => [...path, key];
  const fields = { tag: field('tag'), repository: field('repository'), pullPolicy: field('pullPolicy') };
  return { component, group, repositoryName, path, ...fields };
}

/** The image fields of the kind of an object; none for other kinds. */
export function imageFields({ kind }: Pick<Resource, 'kind'>): readonly ImageField[] {
  if (kind === 'IOMeshCluster') return CLUSTER_IMAGES;
  return kind === 'ZookeeperCluster' ? ZOOKEEPER_IMAGES : [];
}

/** The image fields that an object has. A schema rule reports a missing section. */
export function imagesOf(resource: Resource): readonly ImageField[] {
  let found = IMAGES.get(resource);
  if (found === undefined) {
    found = imageFields(resource).filter(({ path }) => isObject(at(resource.json, path)));
    IMAGES.set(resource, found);
  }
  return found;
}

const IMAGES = new Derived<Resource, readonly ImageField[]>();

/** A field of an image: undefined if it is invalid, the empty string if it is missing or empty. */
export function imageText(
  world: World,
  resource: Resource,
  image: ImageField,
  key: 'tag' | 'repository' | 'pullPolicy',
): string | undefined {
  const field = readString(world, resource, image[key]);
  if (field.state === 'invalid') return undefined;
  return field.value ?? '';
}

/** True if the object has the field, even an empty one: an edit must replace it, not add it. */
export function hasField(resource: Resource, path: Path): boolean {
  return at(resource.json, path) !== undefined;
}

/**
 * The object of the management cluster that this one must match: its IOMeshCluster or its ZookeeperCluster.
 * Undefined for the objects of the management cluster, for a ZookeeperCluster that belongs to no IOMesh
 * cluster, and if the world does not have it.
 */
export function managementPeer(world: World, resource: Resource): Resource | undefined {
  const id = clusterOf(resource.ref);
  if (id === undefined || world.isManagement(id)) return undefined;
  return resource.kind === 'ZookeeperCluster'
    ? objectsOf(world, world.config.managementCluster).zookeeper
    : world.management;
}

/** The tags that the status of a cluster shows for an image; none if the operator does not report it. */
export function runningTags(cluster: Resource, { component }: ImageField): readonly string[] {
  const running = at(cluster.json, ['status', 'runningImages', component]);
  const images = isObject(running) ? Object.values(running) : [running];
  return images.flatMap((each) => {
    const tag = typeof each === 'string' ? /:([^:/]+)$/.exec(each.split('@')[0]!)?.[1] : undefined;
    return tag === undefined ? [] : [tag];
  });
}

/** The parts of the tag of a zbs image: `v5.3.0-rc13-enterprise-hygon`. Tags have no order. */
export interface ImageTag {
  readonly version: string;
  readonly edition: string;
  readonly platform: string;
}

const EDITIONS = ['community', 'enterprise'] as const;

/** Splits a tag; edition and platform are empty if the tag does not name them. */
export function parseTag(tag: string): ImageTag {
  const platform = tag.endsWith('-hygon') ? 'hygon' : '';
  const rest = platform === '' ? tag : tag.slice(0, -'-hygon'.length);
  const edition = EDITIONS.find((each) => rest.endsWith(`-${each}`)) ?? '';
  return { version: edition === '' ? rest : rest.slice(0, -edition.length - 1), edition, platform };
}

export const TAG_PARTS = ['version', 'edition', 'platform'] as const;

/** The parts in which two tags differ. */
export function tagDifference(a: string, b: string): readonly (keyof ImageTag)[] {
  const [left, right] = [parseTag(a), parseTag(b)];
  return TAG_PARTS.filter((part) => left[part] !== right[part]);
}

/**
 * Negative if a tag is of an older release than another one, positive if it is of a newer one; undefined if the
 * release of one of them is unknown: `v5.3.0-rc13-enterprise` is older than `v5.4.0-community`.
 */
export function compareReleases(a: string, b: string): number | undefined {
  const [left, right] = [releaseNumbers(a), releaseNumbers(b)];
  if (left === undefined || right === undefined) return undefined;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The numbers of a release such as `v5.3.0-rc13`; a release comes after all of its candidates. */
function releaseNumbers(tag: string): readonly number[] | undefined {
  const [, release, candidate] =
    /^v?(\d{1,9}\.\d{1,9}\.\d{1,9})(?:-rc(\d{1,9}))?$/.exec(parseTag(tag).version) ?? [];
  return release === undefined
    ? undefined
    : [
        ...release.split('.').map(Number),
        candidate === undefined ? Number.MAX_SAFE_INTEGER : Number(candidate),
      ];
}

/**
 * True for a ZooKeeper image tag that is older than another one, as `3.5.9` is older than `3.5.9-20`. False
 * if one of them is not made of numbers.
 */
export function isOlderTag(tag: string, other: string): boolean {
  const [left, right] = [tagNumbers(tag), tagNumbers(other)];
  if (left.length === 0 || right.length === 0) return false;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The numbers of a tag such as `3.5.9-20`; none if it has another form. */
function tagNumbers(tag: string): readonly number[] {
  return /^v?\d{1,9}(?:[.-]\d{1,9})*$/.test(tag) ? tag.replace('v', '').split(/[.-]/).map(Number) : [];
}

/** The fields for edition and platform, from IOMesh 1.1 on. At 1.0 only the tags name them. */
export const VARIANT_FIELDS = ['edition', 'platform'] as const;
export type VariantField = (typeof VARIANT_FIELDS)[number];

/** `spec.edition` or `spec.platform`: undefined if it is invalid, the empty string if it is missing. */
export function variantText(world: World, resource: Resource, field: VariantField): string | undefined {
  const found = readField(world, resource, ['spec', field]);
  if (found.state === 'absent') return '';
  return typeof found.value === 'string' ? found.value : undefined;
}

/** The values that the operator uses if nothing is set. */
export const DEFAULT_VARIANT: Readonly<Record<VariantField, string>> = { edition: 'community', platform: '' };

/**
 * The edition or platform that a cluster runs: by its field, by the tags of its zbs images if they name one,
 * or by default. Undefined if the field is invalid.
 */
export function variantOf(world: World, resource: Resource, field: VariantField): string | undefined {
  const written = variantText(world, resource, field);
  if (written !== '') return written;
  const named = imagesOf(resource).flatMap((image) => {
    if (image.group !== 'zbs') return [];
    const value = variantOfTag(imageText(world, resource, image, 'tag') ?? '', field);
    return value === '' ? [] : [value];
  });
  const [only, other] = new Set(named);
  return only === undefined || other !== undefined ? DEFAULT_VARIANT[field] : only;
}

/** The edition or platform that the tag of a zbs image names, as the field writes it; empty if it names none. */
export function variantOfTag(tag: string, field: VariantField): string {
  const value = parseTag(tag)[field];
  return field === 'platform' && value === 'hygon' ? 'hygon_x86_64' : value;
}
