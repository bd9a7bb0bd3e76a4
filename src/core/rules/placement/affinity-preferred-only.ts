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
  doc: {
    summary: 'There are several IOMesh clusters, and a component of one only prefers its nodes.',
    why: `\`${PREFERRED}\` is a wish. When the preferred nodes are full, cordoned or down, the
scheduler puts the pods elsewhere, on nodes of another IOMesh cluster too, where they stay.`,
    bad: `nodeAffinity:
  ${PREFERRED}:
    - weight: 100
      preference:
        matchExpressions:
          - {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3]}`,
    good: `nodeAffinity:
  ${REQUIRED}:
    nodeSelectorTerms:
      - matchExpressions:
          - {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3]}`,
    remedy: `Write the nodes of the cluster as \`${REQUIRED}\`, with the terms under
\`nodeSelectorTerms\` and without weights. A preference may stay beside it.`,
    basis: 'guide: the node affinity of every component is required; api: the meaning of a preference.',
  },
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
