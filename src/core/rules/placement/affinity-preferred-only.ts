import { placementsOf } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { affectedByCount, hasSeveralClusters, PLACED_KINDS } from '../../iomesh/placement.ts';
import { joined } from '../../base/text.ts';

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** IOM108: nodes that are only preferred do not keep clusters apart. */
export const affinityPreferredOnly: Rule = {
  code: 'IOM108',
  name: 'affinity-preferred-only',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'shown',
  kinds: PLACED_KINDS,
  check(subject, world, report) {
    if (!hasSeveralClusters(world)) return;
    const wishing = placementsOf(world, subject).filter(
      ({ placement }) => placement.selection === undefined && placement.preferredOnly,
    );
    const [first] = wishing;
    if (first === undefined) return;
    const names = wishing.map(({ component }) => component);
    report({
      path: [...first.path, 'affinity', 'nodeAffinity', PREFERRED],
      part: 'key',
      message: `${joined(names)} only ${names.length === 1 ? 'prefers' : 'prefer'} nodes, so may run on those of other IOMesh clusters`,
      label: 'a preference does not isolate',
      help: `write the same nodes as ${REQUIRED}.nodeSelectorTerms`,
      identity: subject.key,
      evidence: names,
      fix: { safety: 'shown', description: `write the preferred nodes as ${REQUIRED}` },
    });
  },
  affected: affectedByCount,
};
