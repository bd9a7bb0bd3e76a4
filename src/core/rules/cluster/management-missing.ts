import { absentManagement } from '../../iomesh/management.ts';
import { createsOrDeletes, displayName, type Kind } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';

/** What tells how many clusters there are. */
const COUNTED: readonly Kind[] = ['IOMeshCluster', 'ZookeeperCluster'];

/** IOM705: clusters that follow a management cluster which is not there. */
export const managementMissing: Rule = {
  code: 'IOM705',
  name: 'management-missing',
  severity: { lint: 'error', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  check(_subject, world, report) {
    const absent = absentManagement(world);
    if (absent === undefined) return;
    const { count, names, likely } = absent;
    const { namespace, name } = world.config.managementCluster;
    report({
      path: ['metadata', 'name'],
      message: `the management cluster ${quoted(`${namespace}/${name}`)} is not there, and ${names} ${count === 1 ? 'needs' : 'need'} it`,
      help:
        likely === undefined
          ? `apply the management cluster first, or set "managementCluster: <namespace>/<name>" in iomesh-guard.yaml`
          : `set "managementCluster: ${displayName(likely.ref)}" in iomesh-guard.yaml: the others look for their block devices in its namespace`,
      identity: 'management',
      evidence: ['absent'],
    });
  },
  *affected(change, before, after) {
    if (!COUNTED.some((kind) => createsOrDeletes(change, kind))) return;
    // One follower speaks for all.
    for (const world of [before, after]) {
      const absent = absentManagement(world);
      if (absent !== undefined) yield absent.follower;
    }
  },
  deletionReportedBy: 'IOM601',
};
