/** The removal of a whole IOMesh cluster. */
import { type ClusterId, clusterText } from './cluster.ts';
import { clustersNamed } from './references.ts';
import type { World } from '../world.ts';

/** The command that prints how to remove a cluster; by its name alone if no other cluster has that name. */
export function planRemoval(world: World, id: ClusterId): string {
  const isUnique = clustersNamed(world, id.name).every((each) => each.ref.namespace === id.namespace);
  return `iomesh-guard plan remove ${word(isUnique ? id.name : clusterText(id))}`;
}

/** A name as one word of a shell command; anything but a valid name is quoted. */
function word(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]{0,316}$/.test(name)) return name;
  return `'${name.slice(0, 63).replaceAll("'", `'\\''`)}'`;
}
