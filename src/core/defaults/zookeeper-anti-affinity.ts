import { clusterOf } from '../iomesh/cluster.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { AFFINITY, ANTI_AFFINITY, spreadTerm } from '../iomesh/anti-affinity.ts';
import type { World } from '../world.ts';
import { add } from './absent.ts';
import { affinityFromPoolLabel } from './affinity-from-pool-label.ts';
import { affinityFromPool } from './affinity-from-pool.ts';
import { affinityFromSibling } from './affinity-from-sibling.ts';
import type { Default, Operation } from './default.ts';

/**
 * Where no affinity is set at all, the operator adds this rule itself; setting any takes the
 * operator's away. So it is filled beside an affinity, be it written or about to be filled.
 */
export const zookeeperAntiAffinity: Default = {
  name: 'zookeeper-anti-affinity',
  kinds: ['ZookeeperCluster'],
  summary:
    'ZooKeeper pods with an affinity prefer to keep off nodes that run another pod of the same ZookeeperCluster.',
  fill(resource, world, operation) {
    if (clusterOf(resource.ref) === undefined || !hasAffinity(resource, world, operation)) return [];
    return add(world, resource, ANTI_AFFINITY, {
      preferredDuringSchedulingIgnoredDuringExecution: [spreadTerm(resource.ref.name)],
    });
  },
};

function hasAffinity(resource: Resource, world: World, operation: Operation): boolean {
  if (isObject(at(resource.json, AFFINITY))) return true;
  return [affinityFromSibling, affinityFromPool, affinityFromPoolLabel].some(
    (each) => each.fill(resource, world, operation).length > 0,
  );
}
