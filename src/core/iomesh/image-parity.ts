/**
 * The differences between the images of a pool and those of the management cluster, for IOM401 and IOM403.
 */
import { atLeast } from '../base/iomesh-version.ts';
import type { FixEdit } from '../base/edits.ts';
import {
  compareReleases,
  DEFAULT_VARIANT,
  hasField,
  type ImageField,
  imageFields,
  imagesOf,
  imageText,
  type ParityGroup,
  runningTags,
  tagDifference,
  VARIANT_FIELDS,
  variantOf,
  variantOfTag,
  variantText,
} from './images.ts';
import { clusterOf } from './cluster.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { asksForWaiver } from '../base/waivers.ts';
import type { World } from '../world.ts';
import { hadVolumes } from './volumes.ts';

/** The rule that reports the differences. */
export const IMAGE_PARITY_RULE = { code: 'IOM401', name: 'image-tag-parity' } as const;

/** Fields of one pool that differ from the management cluster in the same way. */
export interface ImageMismatch {
  /** The kind of value that differs. */
  readonly what: 'tag' | 'edition' | 'platform';
  /** The group of the images whose tags differ; undefined for edition and platform. */
  readonly group: ParityGroup | undefined;
  /** The components whose tags differ; empty for edition and platform. */
  readonly components: readonly string[];
  readonly paths: readonly Path[];
  /** Empty if the pool sets none. */
  readonly own: string;
  /** Empty if the management cluster sets none. */
  readonly wanted: string;
  /** Depends on the difference, not on the components that have it. */
  readonly identity: string;
  /** True if only one of the clusters sets a tag, and the operator may choose the same for the other. */
  readonly minor: boolean;
}

/**
 * Every difference between the image tags of a pool (from 1.1 on also edition and platform) and those of the
 * management cluster. Components of one parity group that differ in the same way are one mismatch: another
 * edition is one mistake, not three. From 1.1 on the operator chooses a tag that is not set, by edition and
 * platform: a tag that names the same edition and platform is no difference.
 */
export function imageMismatches(
  world: World,
  pool: Resource,
  management: Resource,
): readonly ImageMismatch[] {
  const operatorChooses = atLeast(world.iomeshVersion, '1.1');
  const groups = new Map<string, ImageField[]>();
  const texts = new Map<string, readonly [own: string, wanted: string]>();
  const compared = imagesOf(management);
  for (const field of imagesOf(pool)) {
    if (!compared.includes(field)) continue;
    const own = imageText(world, pool, field, 'tag');
    const wanted = imageText(world, management, field, 'tag');
    if (own === undefined || wanted === undefined || own === wanted) continue;
    if (operatorChooses && field.group === 'zbs') {
      if (wanted === '' && namesVariant(world, own, management)) continue;
      if (own === '' && namesVariant(world, wanted, pool)) continue;
    }
    const key = [field.group, own, wanted].join('|');
    texts.set(key, [own, wanted]);
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  const found: ImageMismatch[] = [...groups].map(([key, fields]) => ({
    what: 'tag',
    group: fields[0]?.group,
    components: fields.map((field) => field.component),
    paths: fields.map((field) => field.tag),
    own: texts.get(key)![0],
    wanted: texts.get(key)![1],
    identity: `${pool.key}|${key}`,
    minor: operatorChooses && texts.get(key)!.includes('') && texts.get(key)!.every(namesNoVariant),
  }));
  if (!operatorChooses) return found;
  for (const field of VARIANT_FIELDS) {
    const own = variantText(world, pool, field);
    const wanted = variantText(world, management, field);
    if (own === undefined || wanted === undefined) continue;
    // Equal as fields, whatever the tags beside them say, or equal with what the tags name.
    if ((own || DEFAULT_VARIANT[field]) === (wanted || DEFAULT_VARIANT[field])) continue;
    if (variantOf(world, pool, field) === variantOf(world, management, field)) continue;
    const identity = `${pool.key}|${field}`;
    found.push({
      what: field,
      group: undefined,
      components: [],
      paths: [['spec', field]],
      own,
      wanted,
      identity,
      minor: false,
    });
  }
  return found;
}

function namesNoVariant(tag: string): boolean {
  return VARIANT_FIELDS.every((field) => variantOfTag(tag, field) === '');
}

/** True for the tag of a zbs image that names the edition and the platform of another cluster. */
function namesVariant(world: World, tag: string, other: Resource): boolean {
  return (
    variantOfTag(tag, 'edition') === variantOf(world, other, 'edition') &&
    variantOfTag(tag, 'platform') === variantOf(world, other, 'platform')
  );
}

/**
 * True if a change gives a pool images that a cluster already has or had: those of another cluster, by its
 * spec or its status, or those of the stored version of the pool. The pool is rolled back, or a backup is
 * restored. A new pool may also have an older release of the same edition and platform, and, if it has volumes,
 * any: a backup from the time of an upgrade or of a rollback holds such pools.
 */
export function isKnownImage(world: World, pool: Resource, mismatch: ImageMismatch): boolean {
  const stored = world.base?.getByKey(pool.key);
  // A waived image is an exception, and no example for others.
  const others = world
    .all('IOMeshCluster')
    .filter((each) => each.key !== pool.key && !asksForWaiver(each, IMAGE_PARITY_RULE, world.config));
  const { what, own, wanted } = mismatch;
  const id = clusterOf(pool.ref);
  if (stored === undefined && own !== '' && id !== undefined && hadVolumes(world, id)) return true;
  if (what !== 'tag') {
    const value = variantOf(world, pool, what);
    return [...poolsOnly(world, others), ...(stored === undefined ? [] : [stored])].some(
      (each) => variantOf(world, each, what) === value,
    );
  }
  if (own === '') return false;
  if (stored === undefined && tagDifference(own, wanted).join() === 'version') {
    const order = compareReleases(own, wanted);
    if (order !== undefined && order < 0) return true;
  }
  const images = imageFields(pool).filter(({ group }) => group === mismatch.group);
  return [...others, ...(stored === undefined ? [] : [stored])].some((each) =>
    images.some(
      (image) => imageText(world, each, image, 'tag') === own || runningTags(each, image).includes(own),
    ),
  );
}

function poolsOnly(world: World, clusters: readonly Resource[]): readonly Resource[] {
  return clusters.filter((each) => !world.isManagement(each.ref));
}

/** The edits that set the fields of a pool to the value of the management cluster. */
export function parityEdits(pool: Resource, { paths, wanted }: ImageMismatch): readonly FixEdit[] {
  return paths.map((path) => {
    if (wanted === '') return { op: 'remove', path };
    return { op: hasField(pool, path) ? 'replace' : 'add', path, value: wanted };
  });
}
