/** How far a cluster's images are from the management cluster's: what IOM401 and IOM403 both tell. */
import type { FixEdit } from '../base/edits.ts';
import { type ImageField, imagesOf, imageText, isWritten, VARIANT_FIELDS, variantText } from './images.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

/** Fields of one follower that differ from the management cluster's in the same way. */
export interface Mismatch {
  /** What differs, as a message calls it: `image tag of meta, chunk and redirector`. */
  readonly what: 'tag' | 'edition' | 'platform';
  /** The components whose tags differ; none where edition or platform do. */
  readonly components: readonly string[];
  readonly paths: readonly Path[];
  /** Empty where the follower sets none. */
  readonly own: string;
  /** Empty where the management cluster sets none. */
  readonly wanted: string;
  /** The same for the same difference, whichever of the components still show it. */
  readonly identity: string;
}

/**
 * Every difference between a follower's image tags (in 1.2 also edition and platform) and the management
 * cluster's, component by component. Components of one parity group that differ in the same way are one
 * mismatch: choosing another edition is one mistake, not three.
 */
export function mismatches(world: World, follower: Resource, management: Resource): readonly Mismatch[] {
  const groups = new Map<string, ImageField[]>();
  const texts = new Map<string, readonly [own: string, wanted: string]>();
  const there = new Set(imagesOf(management));
  for (const field of imagesOf(follower)) {
    if (!there.has(field)) continue;
    const own = imageText(world, follower, field, 'tag');
    const wanted = imageText(world, management, field, 'tag');
    if (own === undefined || wanted === undefined || own === wanted) continue;
    const key = [field.group, own, wanted].join('|');
    texts.set(key, [own, wanted]);
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  const found: Mismatch[] = [...groups].map(([key, fields]) => ({
    what: 'tag',
    components: fields.map((field) => field.component),
    paths: fields.map((field) => [...field.path, 'tag']),
    own: texts.get(key)![0],
    wanted: texts.get(key)![1],
    identity: `${follower.key}|${key}`,
  }));
  if (world.config.iomeshVersion !== '1.2') return found;
  for (const field of VARIANT_FIELDS) {
    const own = variantText(world, follower, field);
    const wanted = variantText(world, management, field);
    if (own === undefined || wanted === undefined || own === wanted) continue;
    const identity = `${follower.key}|${field}`;
    found.push({ what: field, components: [], paths: [['spec', field]], own, wanted, identity });
  }
  return found;
}

/** The edits that bring a follower's fields to the management cluster's value. */
export function parityEdits(follower: Resource, { paths, wanted }: Mismatch): readonly FixEdit[] {
  return paths.map((path) => {
    if (wanted === '') return { op: 'remove', path };
    return { op: isWritten(follower, path) ? 'replace' : 'add', path, value: wanted };
  });
}
