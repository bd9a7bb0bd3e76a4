import { displayName } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import { at } from '../../base/json.ts';
import { relatedField } from '../../finding.ts';
import { MAX_CHUNK_NUM, podLimit } from '../../iomesh/pod-limit.ts';
import { loweringCondition, replicaFields, replicasAt } from '../../iomesh/replicas.ts';
import type { Rule } from '../../rule.ts';

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
      const lower = withFields`set ${path} to ${limit.most} (lower it ${loweringCondition(component, world.iomeshVersion)})`;
      report({
        path,
        message: `${component} of ${displayName(subject.ref)} has ${count} replicas, but ${limit.reason}`,
        help: limit.remedy === undefined ? lower : withFields`${lower}, or ${limit.remedy}`,
        related:
          limit.licensed && at(subject.json, MAX_CHUNK_NUM) !== undefined
            ? [relatedField(subject, MAX_CHUNK_NUM)]
            : [],
        evidence: Array.from({ length: excess }, (_, index) => `excess ${index + 1}`),
      });
    }
  },
};

/** Excess pods that count as evidence one by one. */
const MAX_EVIDENCE = 32;
