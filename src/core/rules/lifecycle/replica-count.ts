import { at } from '../../base/json.ts';
import { displayName } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import type { Rule } from '../../rule.ts';
import { loweringCondition, replicaCountError, replicaFields, replicasAt } from '../../iomesh/replicas.ts';

/** IOM603: a number of replicas that does not keep data or a majority if a pod fails. */
export const replicaCount: Rule = {
  code: 'IOM603',
  name: 'replica-count',
  severity: { lint: 'error', admission: 'deny' },
  minor: { lint: 'warning', admission: 'warn' },
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  check(subject, world, report) {
    for (const [component, path] of replicaFields(subject)) {
      const count = replicasAt(world, subject, path);
      const error = count === undefined ? undefined : replicaCountError(component, count);
      if (count === undefined || error === undefined) continue;
      // The first of several numbers is lower.
      const lower = count < 3 ? '' : ` (lower it ${loweringCondition(component, world.iomeshVersion)})`;
      report({
        path,
        message: `${component} of ${displayName(subject.ref)} has ${String(at(subject.json, path))} ${count === 1 ? 'replica' : 'replicas'}, but ${error.reason}`,
        help: withFields`set ${path} to ${error.wanted}${lower}`,
        evidence: error.evidence,
        minor: error.transient,
      });
    }
  },
};
