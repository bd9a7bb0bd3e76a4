/**
 * The differences between the images of a pool and those of the management cluster, for IOM401 and IOM403.
 */
import { atLeast } from '../base/iomesh-version.ts';
import type { FixEdit } from '../base/edits.ts';
import { hasField, type ImageField, imagesOf, imageText, VARIANT_FIELDS, variantText } from './images.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

/** Fields of one pool that differ from the management cluster in the same way. */
export interface ImageMismatch {
  /** The kind of value that differs. */
  readonly what: 'tag' | 'edition' | 'platform';
  /** The components whose tags differ; empty for edition and platform. */
  readonly components: readonly string[];
  readonly paths: readonly Path[];
  /** Empty if the pool sets none. */
  readonly own: string;
  /** Empty if the management cluster sets none. */
  readonly wanted: string;
  /** Depends on the difference, not on the components that have it. */
  readonly identity: string;
}

/**
 * Every difference between the image tags of a pool (in 1.2 also edition and platform) and those of the
 * management cluster. Components of one parity group that differ in the same way are one mismatch: another
 * edition is one mistake, not three.
 */
export function imageMismatches(
  world: World,
  pool: Resource,
  management: Resource,
): readonly ImageMismatch[] {
  const groups = new Map<string, ImageField[]>();
  const texts = new Map<string, readonly [own: string, wanted: string]>();
  const compared = new Set(imagesOf(management));
  for (const field of imagesOf(pool)) {
    if (!compared.has(field)) continue;
    const own = imageText(world, pool, field, 'tag');
    const wanted = imageText(world, management, field, 'tag');
    if (own === undefined || wanted === undefined || own === wanted) continue;
    const key = [field.group, own, wanted].join('|');
    texts.set(key, [own, wanted]);
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  const found: ImageMismatch[] = [...groups].map(([key, fields]) => ({
    what: 'tag',
    components: fields.map((field) => field.component),
    paths: fields.map((field) => [...field.path, 'tag']),
    own: texts.get(key)![0],
    wanted: texts.get(key)![1],
    identity: `${pool.key}|${key}`,
  }));
  if (!atLeast(world.iomeshVersion, '1.1')) return found;
  for (const field of VARIANT_FIELDS) {
    const own = variantText(world, pool, field);
    const wanted = variantText(world, management, field);
    if (own === undefined || wanted === undefined || own === wanted) continue;
    const identity = `${pool.key}|${field}`;
    found.push({ what: field, components: [], paths: [['spec', field]], own, wanted, identity });
  }
  return found;
}

/** The edits that set the fields of a pool to the value of the management cluster. */
export function parityEdits(pool: Resource, { paths, wanted }: ImageMismatch): readonly FixEdit[] {
  return paths.map((path) => {
    if (wanted === '') return { op: 'remove', path };
    return { op: hasField(pool, path) ? 'replace' : 'add', path, value: wanted };
  });
}
