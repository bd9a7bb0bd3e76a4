import { absentManagement, leavingManagement } from '../../iomesh/management.ts';
import { changesPresence, displayName, type Kind } from '../../base/model.ts';
import { isEnding } from '../../iomesh/leaving.ts';
import { relatedObject } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';

/** The kinds whose objects decide how many clusters exist. */
const COUNTED_KINDS: readonly Kind[] = ['IOMeshCluster', 'ZookeeperCluster'];

/** IOM705: the management cluster that other clusters need does not exist, or is being deleted. */
export const managementMissing: Rule = {
  code: 'IOM705',
  name: 'management-missing',
  severity: { lint: 'error', admission: 'deny' },
  // The management cluster can be applied later.
  minor: { lint: 'error', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const leaving = leavingManagement(world);
    if (leaving !== undefined) {
      if (subject.key === leaving.key || isEnding(world, subject)) return;
      report({
        path: ['metadata', 'name'],
        message: `the management cluster ${quoted(displayName(leaving.ref))} is being deleted, but ${displayName(subject.ref)} needs it`,
        help: `wait until ${quoted(displayName(leaving.ref))} is gone, create it again, then create ${displayName(subject.ref)}`,
        related: [relatedObject(leaving, `${displayName(leaving.ref)} is being deleted`)],
        identity: `${subject.key}|management`,
        evidence: ['being deleted'],
      });
      return;
    }
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
      minor: true,
      identity: 'management',
      evidence: ['absent'],
    });
  },
  *affected(change, before, after) {
    if (leavingManagement(before)?.key !== leavingManagement(after)?.key) yield* after.all('IOMeshCluster');
    if (!COUNTED_KINDS.some((kind) => changesPresence(change, kind))) return;
    // The finding is reported once, on one of the clusters.
    for (const world of [before, after]) {
      const absent = absentManagement(world);
      if (absent !== undefined) yield absent.follower;
    }
  },
  deletionReportedBy: 'IOM601',
};
