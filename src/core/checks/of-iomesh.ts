import { isOfIomesh, objectsOf } from '../iomesh/cluster.ts';
import { changedObject, createsOrDeletes } from '../base/model.ts';
import type { Rule } from '../rule.ts';

/**
 * A rule that leaves ZookeeperClusters of others alone: the kind belongs to an operator that serves more
 * than IOMesh. Whether one is ours can depend on its IOMeshCluster, so that one's coming and going
 * concerns it.
 */
export function ofIomesh(rule: Rule): Rule {
  const { check, affected, kinds } = rule;
  if (check === undefined || !kinds.includes('ZookeeperCluster')) return rule;
  return {
    ...rule,
    check(subject, world, report) {
      if (subject.kind !== 'ZookeeperCluster' || isOfIomesh(world, subject)) check(subject, world, report);
    },
    *affected(change, before, after) {
      if (affected !== undefined) yield* affected(change, before, after);
      const changed = changedObject(change);
      if (changed === undefined || !createsOrDeletes(change, 'IOMeshCluster')) return;
      const { namespace = '', name } = changed.ref;
      const { zookeeper } = objectsOf(after, { namespace, name });
      if (zookeeper !== undefined && isOfIomesh(before, zookeeper) !== isOfIomesh(after, zookeeper))
        yield zookeeper;
    },
  };
}
