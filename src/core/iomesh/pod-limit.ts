/** How many chunk and meta pods a cluster may have by its edition and its licence. */
import { at } from '../base/json.ts';
import { atLeast } from '../base/iomesh-version.ts';
import type { Resource } from '../base/model.ts';
import type { World } from '../world.ts';
import { imagesOf, imageText, parseTag, variantOf } from './images.ts';
import type { ReplicatedComponent } from './replicas.ts';

/** The most chunk pods, and the most meta pods, of the Community edition. */
export const COMMUNITY_PODS = 3;

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
  readonly from: 'edition' | 'licence';
}

/** The lowest limit of a component of an IOMeshCluster; undefined if there is none. */
export function podLimit(
  world: World,
  cluster: Resource,
  component: ReplicatedComponent,
): PodLimit | undefined {
  const licensed = component === 'chunk' ? licensedChunks(cluster) : undefined;
  const community = isCommunityEdition(world, cluster) ? COMMUNITY_PODS : undefined;
  if (community !== undefined && (licensed === undefined || community <= licensed))
    return {
      most: community,
      reason: `the Community edition allows at most ${COMMUNITY_PODS}`,
      from: 'edition',
    };
  return licensed === undefined
    ? undefined
    : { most: licensed, reason: `its licence allows at most ${licensed}`, from: 'licence' };
}

/** The operator writes the limit of the licence; 0 stands for a licence that is not read yet. */
function licensedChunks(cluster: Resource): number | undefined {
  const most = at(cluster.json, ['status', 'license', 'maxChunkNum']);
  return typeof most === 'number' && most > 0 ? most : undefined;
}
