import { createdOrDeletedCluster } from '../iomesh/affected.ts';
import { isOfIomesh, objectsOf } from '../iomesh/cluster.ts';
import type { Change, Resource } from '../base/model.ts';
import type { Rule } from '../rule.ts';
import type { World } from '../world.ts';

/**
 * The same rule, skipping ZookeeperClusters that are not part of an IOMesh cluster: the Pravega ZooKeeper
 * operator also serves other software. Creating or deleting an IOMeshCluster can change which are part of one.
 */
export function onlyOfIomesh(rule: Rule): Rule {
  const { check, affected, kinds } = rule;
  if (check === undefined || !kinds.includes('ZookeeperCluster')) return rule;
  return {
    ...rule,
    check(subject, world, report) {
      if (subject.kind !== 'ZookeeperCluster' || isOfIomesh(world, subject)) check(subject, world, report);
    },
    affected(change, before, after) {
      const found = affected?.(change, before, after) ?? [];
      const reclassified = after.memoize(onlyOfIomesh, () => reclassifiedZookeeper(change, before, after));
      return reclassified === undefined ? found : [...found, reclassified];
    },
  };
}

/** The ZookeeperCluster that becomes part of an IOMesh cluster, or ceases to be, with the change of another object. */
function reclassifiedZookeeper(change: Change, before: World, after: World): Resource | undefined {
  const id = createdOrDeletedCluster(change);
  const { zookeeper } = id === undefined ? {} : objectsOf(after, id);
  return zookeeper !== undefined && isOfIomesh(before, zookeeper) !== isOfIomesh(after, zookeeper)
    ? zookeeper
    : undefined;
}
