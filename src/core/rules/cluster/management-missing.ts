import { absentManagement } from '../../iomesh/management.ts';
import { createsOrDeletes, displayName, type Kind } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';

/** The kinds whose objects decide how many clusters exist. */
const COUNTED_KINDS: readonly Kind[] = ['IOMeshCluster', 'ZookeeperCluster'];

/** IOM705: the management cluster that other clusters need does not exist. */
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
      message: `the management cluster ${quoted(`${namespace}/${name}`)} does not exist, but ${names} ${count === 1 ? 'needs' : 'need'} it`,
      help:
        likely === undefined
          ? `apply the management cluster first, or set "managementCluster: <namespace>/<name>" in iomesh-guard.yaml`
          : `set "managementCluster: ${displayName(likely.ref)}" in iomesh-guard.yaml; the other clusters use the block devices of its namespace`,
      identity: 'management',
      evidence: ['absent'],
    });
  },
  *affected(change, before, after) {
    if (!COUNTED_KINDS.some((kind) => createsOrDeletes(change, kind))) return;
    // The finding is reported once, on one of the clusters.
    for (const world of [before, after]) {
      const absent = absentManagement(world);
      if (absent !== undefined) yield absent.follower;
    }
  },
  deletionReportedBy: 'IOM601',
};
