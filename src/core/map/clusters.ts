import { type ClusterId, clusterOf, clusterText, isOfIomesh } from '../iomesh/cluster.ts';
import type { Resource } from '../base/model.ts';
import type { World } from '../world.ts';
import { byName } from './order.ts';

/** A cluster of a world. */
export interface Member {
  readonly id: ClusterId;
  readonly mesh: Resource | undefined;
  readonly zookeeper: Resource | undefined;
}

/** Every IOMesh cluster of a world, the management cluster first. A ZookeeperCluster without its IOMeshCluster counts as one. */
export function membersOf(world: World): readonly Member[] {
  const found = new Map<string, Member>();
  for (const kind of ['IOMeshCluster', 'ZookeeperCluster'] as const) {
    for (const resource of world.all(kind)) {
      const id = clusterOf(resource.ref);
      if (id === undefined || !isOfIomesh(world, resource)) continue;
      const before = found.get(clusterText(id)) ?? { id, mesh: undefined, zookeeper: undefined };
      const half = kind === 'IOMeshCluster' ? 'mesh' : 'zookeeper';
      found.set(clusterText(id), { ...before, [half]: before[half] ?? resource });
    }
  }
  const rank = ({ id }: Member) => (isManagement(world, id) ? 0 : 1);
  return [...found.values()].sort(
    (a, b) => rank(a) - rank(b) || byName(a.id.namespace, b.id.namespace) || byName(a.id.name, b.id.name),
  );
}

/** True for the cluster that the configuration calls the management cluster. */
export function isManagement({ config }: World, { namespace, name }: ClusterId): boolean {
  return config.managementCluster.namespace === namespace && config.managementCluster.name === name;
}
