/** How many chunk and meta pods a cluster may have by its edition and its licence. */
import { at } from '../base/json.ts';
import { atLeast } from '../base/iomesh-version.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';
import { imagesOf, imageText, parseTag, variantOf } from './images.ts';
import type { ReplicatedComponent } from './replicas.ts';

/** The most chunk pods, and the most meta pods, of the Community edition. */
export const COMMUNITY_PODS = 3;
/** The most chunk pods of any edition. */
export const MOST_CHUNKS = 255;
/** Where the operator writes the limit of the licence. */
export const MAX_CHUNK_NUM: Path = ['status', 'license', 'maxChunkNum'];

/**
 * True if a cluster runs the Community edition: from 1.1 on by its field, its tags or by default; at 1.0 only
 * if a tag names it.
 */
export function isCommunityEdition(world: World, cluster: Resource): boolean {
  if (atLeast(world.iomeshVersion, '1.1')) return variantOf(world, cluster, 'edition') === 'community';
  return imagesOf(cluster).some(
    (image) =>
      image.group === 'zbs' &&
      parseTag(imageText(world, cluster, image, 'tag') ?? '').edition === 'community',
  );
}

export interface PodLimit {
  readonly most: number;
  /** Follows "but" in a message. */
  readonly reason: string;
  /** How the limit can be raised: follows "or" in a help. */
  readonly remedy: string | undefined;
  /** The licence has it. */
  readonly licensed: boolean;
}

/** The lowest limit of a component of an IOMeshCluster; undefined if there is none. */
export function podLimit(
  world: World,
  cluster: Resource,
  component: ReplicatedComponent,
): PodLimit | undefined {
  const limits: PodLimit[] = [];
  if (isCommunityEdition(world, cluster))
    limits.push({
      most: COMMUNITY_PODS,
      reason: `the Community edition allows at most ${COMMUNITY_PODS}`,
      remedy: 'change to the Enterprise edition first',
      licensed: false,
    });
  if (component === 'chunk') {
    const most = licensedChunks(world, cluster);
    if (most !== undefined)
      limits.push({
        most,
        reason: `its licence allows at most ${most}`,
        remedy: 'apply a larger licence first',
        licensed: true,
      });
    limits.push({
      most: MOST_CHUNKS,
      reason: `IOMesh allows at most ${MOST_CHUNKS}`,
      remedy: undefined,
      licensed: false,
    });
  }
  return limits.sort((a, b) => a.most - b.most)[0];
}

/**
 * The limit that the operator writes to the status, or wrote to the status of the stored version if an update
 * leaves it out. 0 means that the licence is not read yet.
 */
function licensedChunks(world: World, cluster: Resource): number | undefined {
  const most = at(cluster.json, MAX_CHUNK_NUM) ?? at(world.base?.getByKey(cluster.key)?.json, MAX_CHUNK_NUM);
  return typeof most === 'number' && most > 0 ? most : undefined;
}
