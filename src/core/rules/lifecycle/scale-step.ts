import { displayName, isBeingDeleted } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { replicaFault, replicasAt, replicated } from '../../iomesh/replicas.ts';

/** IOM604: a running cluster is scaled by more than one replica at once. */
export const scaleStep: Rule = {
  code: 'IOM604',
  name: 'scale-step',
  severity: { lint: 'none', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  doc: {
    summary: 'An update changes the meta or chunk replicas by more than one.',
    why: `Every chunk or meta replica that comes or goes makes the cluster move data and re-form its majority. One at a time, each step
finishes before the next begins; several at once leave a cluster that shrinks without enough copies, and one that grows with several half-joined
members.`,
    bad: `# update of a running cluster
chunk: {replicas: 3}
# becomes
chunk: {replicas: 6}`,
    good: `# update of a running cluster
chunk: {replicas: 3}
# becomes
chunk: {replicas: 4}`,
    remedy: `Change the number by one, wait until all replicas are ready, and go on. The same holds for \`kubectl scale\`. A planned larger step
can be waived: \`iomesh-guard.io/waive: "IOM604=planned doubling, ticket 4711; until=2027-01-31"\`.`,
    basis: 'guide, "Scale": grow meta and chunk one at a time. inferred: the same holds for shrinking.',
  },
  checkChange({ before, after }, was, is, report) {
    if (before === undefined || after === undefined || isBeingDeleted(after)) return;
    if (after.kind !== 'IOMeshCluster') return;
    for (const [component, path] of replicated(after)) {
      const old = replicasAt(was, before, path);
      const count = replicasAt(is, after, path);
      if (old === undefined || count === undefined || Math.abs(count - old) < 2) continue;
      // A number that is refused as such needs no word on the way there.
      if (replicaFault(component, count)?.transient === false) continue;
      const next = old + Math.sign(count - old);
      report({
        path,
        message: `${component} of ${displayName(after.ref)} goes from ${old} to ${count} replicas in one step`,
        label: `was ${old}`,
        help: `set ${formatPath(path)} to ${next}, wait until ${next < old ? 'the data has moved' : `all ${next} are ready`}, and go on one at a time to ${count}`,
      });
    }
  },
};
