import { CLUSTER_KINDS, hasSeveralClusters } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { placedObjectsIfSeveralClusters } from '../../iomesh/affected.ts';
import { claimingPlacements, requiresNodeSelection } from '../../iomesh/placement.ts';
import { joined } from '../../base/text.ts';

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** IOM108: a preference for nodes does not keep clusters apart. */
export const affinityPreferredOnly: Rule = {
  code: 'IOM108',
  name: 'affinity-preferred-only',
  severity: { lint: 'error', admission: 'deny' },
  // From 1.1 on the vendor's guide makes the selection optional.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'shown',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    if (!hasSeveralClusters(world)) return;
    const preferring = claimingPlacements(world, subject).filter(
      ({ placement }) => placement.selection === undefined && placement.preferredOnly,
    );
    const [first] = preferring;
    if (first === undefined) return;
    const names = preferring.map(({ component }) => component);
    report({
      path: [...first.path, 'affinity', 'nodeAffinity', PREFERRED],
      part: 'key',
      message: `${joined(names)} only ${names.length === 1 ? 'prefers its nodes and' : 'prefer their nodes and'} can run on nodes of other IOMesh clusters`,
      label: 'preferred, not required',
      help: `list the same nodes in ${REQUIRED}.nodeSelectorTerms`,
      identity: subject.key,
      evidence: names,
      minor: !requiresNodeSelection(world),
      fix: { safety: 'shown', description: `move the preferred nodes to ${REQUIRED}` },
    });
  },
  affected: placedObjectsIfSeveralClusters,
  arrivalReportedBy: 'IOM110',
};
