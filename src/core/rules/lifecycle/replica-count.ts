import { at } from '../../base/json.ts';
import { displayName } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import type { Rule } from '../../rule.ts';
import { replicaFault, replicasAt, replicated } from '../../iomesh/replicas.ts';

/** IOM603: a number of replicas with which a component cannot keep its data or its majority. */
export const replicaCount: Rule = {
  code: 'IOM603',
  name: 'replica-count',
  severity: { lint: 'error', admission: 'deny' },
  minor: { lint: 'warning', admission: 'warn' },
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  check(subject, world, report) {
    for (const [component, path] of replicated(subject)) {
      const count = replicasAt(world, subject, path);
      const fault = count === undefined ? undefined : replicaFault(component, count);
      if (fault === undefined) continue;
      report({
        path,
        message: `${component} of ${displayName(subject.ref)} has ${String(at(subject.json, path))} ${count === 1 ? 'replica' : 'replicas'}; ${fault.due}`,
        help: withFields`set ${path} to ${fault.instead}`,
        evidence: fault.pieces,
        minor: fault.transient,
      });
    }
  },
};
