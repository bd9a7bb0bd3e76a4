import { displayName } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import type { Path } from '../../base/path.ts';
import { relatedField } from '../../finding.ts';
import { podLimit } from '../../iomesh/pod-limit.ts';
import { loweringCondition, replicaFields, replicasAt } from '../../iomesh/replicas.ts';
import type { Rule } from '../../rule.ts';

const LICENCE: Path = ['status', 'license', 'maxChunkNum'];

/** IOM709: a cluster has more chunk or meta pods than its edition or its licence allows. */
export const podLimitExceeded: Rule = {
  code: 'IOM709',
  name: 'pod-limit',
  severity: { lint: 'error', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    for (const [component, path] of replicaFields(subject)) {
      const count = replicasAt(world, subject, path);
      const limit = podLimit(world, subject, component);
      if (count === undefined || limit === undefined || count <= limit.most) continue;
      const excess = Math.min(Math.ceil(count - limit.most), MAX_EVIDENCE);
      const licence =
        limit.from === 'edition' ? 'change to the Enterprise edition first' : 'apply a larger licence first';
      report({
        path,
        message: `${component} of ${displayName(subject.ref)} has ${count} replicas, but ${limit.reason}`,
        help: withFields`set ${path} to ${limit.most} (lower it ${loweringCondition(component, world.iomeshVersion)}), or ${licence}`,
        related: limit.from === 'licence' ? [relatedField(subject, LICENCE)] : [],
        evidence: Array.from({ length: excess }, (_, index) => `excess ${index + 1}`),
      });
    }
  },
};

/** Excess pods that count as evidence one by one. */
const MAX_EVIDENCE = 32;
