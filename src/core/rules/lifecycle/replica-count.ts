import { at } from '../../base/json.ts';
import { displayName } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { replicaFault, replicasAt, replicated } from '../../iomesh/replicas.ts';

/** IOM603: a number of replicas with which a component cannot keep its data or its majority. */
export const replicaCount: Rule = {
  code: 'IOM603',
  name: 'replica-count',
  severity: { lint: 'error', admission: 'deny' },
  minor: { lint: 'warning', admission: 'warn' },
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  doc: {
    summary:
      'Meta replicas are neither 3 nor 5, chunk or ZooKeeper replicas are below 3, or ZooKeeper replicas are even.',
    why: `Meta and ZooKeeper decide by majority: below 3 the loss of one pod stops the cluster, and an even number survives no more
losses than the odd number below it. Chunk pods hold two or three copies of the data on different nodes and one more node to rebuild on. Four meta
replicas are a step on the way from 3 to 5 or back, so they are only warned of.`,
    bad: `spec:
  meta:
    replicas: 2`,
    good: `spec:
  meta:
    replicas: 3`,
    remedy: `Run 3 or 5 meta, at least 3 chunk and 3 or 5 ZooKeeper replicas. Change those of a running cluster by one at a time. The number
that stood there before is never held against another edit, and a step towards the right number is let through.`,
    basis: `guide and vendor: 3 ZooKeeper, 3 or 5 meta, at least 3 chunk; meta 4 passes while scaling (1.2). api: any number is accepted.
inferred: ZooKeeper replicas are odd.`,
  },
  check(subject, world, report) {
    for (const [component, path] of replicated(subject)) {
      const count = replicasAt(world, subject, path);
      const fault = count === undefined ? undefined : replicaFault(component, count);
      if (fault === undefined) continue;
      report({
        path,
        message: `${component} of ${displayName(subject.ref)} has ${String(at(subject.json, path))} ${count === 1 ? 'replica' : 'replicas'}; ${fault.due}`,
        help: `set ${formatPath(path)} to ${fault.instead}`,
        evidence: fault.pieces,
        minor: fault.transient,
      });
    }
  },
};
