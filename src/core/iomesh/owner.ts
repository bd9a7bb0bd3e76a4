import type { Resource } from '../base/model.ts';
import type { ObjectIndex } from '../base/objects.ts';
import type { World } from '../world.ts';

/**
 * The IOMeshCluster that counts as the owner of a value that only one may have: the management cluster,
 * otherwise the first by name.
 */
export function ownerOf(world: World, index: ObjectIndex, value: string): Resource | undefined {
  const owners = world.memoize(index, () => new Map<string, Resource | undefined>());
  if (!owners.has(value)) owners.set(value, first(world, world.find(index, value)));
  return owners.get(value);
}

function first(world: World, holders: readonly Resource[]): Resource | undefined {
  let best: Resource | undefined;
  for (const each of holders) {
    if (world.isManagement(each.ref)) return each;
    if (best === undefined || each.key < best.key) best = each;
  }
  return best;
}
