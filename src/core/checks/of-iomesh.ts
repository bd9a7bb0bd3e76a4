import { createdOrDeletedCluster } from '../iomesh/affected.ts';
import { isOfIomesh, objectsOf } from '../iomesh/cluster.ts';
import type { Rule } from '../rule.ts';

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
    *affected(change, before, after) {
      if (affected !== undefined) yield* affected(change, before, after);
      const id = createdOrDeletedCluster(change);
      const { zookeeper } = id === undefined ? {} : objectsOf(after, id);
      if (zookeeper !== undefined && isOfIomesh(before, zookeeper) !== isOfIomesh(after, zookeeper))
        yield zookeeper;
    },
  };
}
