import { displayName, isBeingDeleted } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import type { Rule } from '../../rule.ts';
import { replicaCountError, replicaFields, replicasAt } from '../../iomesh/replicas.ts';

/** IOM604: a running cluster is scaled by more than one replica in one step. */
export const scaleStep: Rule = {
  code: 'IOM604',
  name: 'scale-step',
  severity: { lint: 'none', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  checkChange({ before, after }, was, is, report) {
    if (before === undefined || after === undefined || isBeingDeleted(after)) return;
    if (after.kind !== 'IOMeshCluster') return;
    for (const [component, path] of replicaFields(after)) {
      const old = replicasAt(was, before, path);
      const count = replicasAt(is, after, path);
      if (old === undefined || count === undefined || Math.abs(count - old) < 2) continue;
      // IOM603 denies this number, whatever the step.
      if (replicaCountError(component, count)?.transient === false) continue;
      const next = old + Math.sign(count - old);
      report({
        path,
        message: `${component} of ${displayName(after.ref)} changes from ${old} to ${count} replicas in one step`,
        label: `was ${old}`,
        help: withFields`set ${path} to ${next}, wait until ${next < old ? 'all data is moved' : `all ${next} are ready`}, and continue one by one to ${count}`,
      });
    }
  },
};
