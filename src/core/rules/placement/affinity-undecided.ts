import type { Rule } from '../../rule.ts';
import { affectedByNodes, PLACED_KINDS, partnersOf } from '../../iomesh/placement.ts';
import {
  type ClaimPair,
  type ClusterConflict,
  clusterConflictsOf,
  pairsOf,
  sharedNodeOf,
} from '../../iomesh/cluster-conflicts.ts';
import { exampleNodeText } from '../../iomesh/selection-text.ts';
import {
  clustersText,
  conflictKey,
  pairKey,
  placeOfMine,
  placeOfTheirs,
} from '../../iomesh/conflict-text.ts';

/** IOM103: no node that is known belongs to two clusters, but one could. */
export const affinityUndecided: Rule = {
  code: 'IOM103',
  name: 'affinity-undecided',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'shown',
  kinds: PLACED_KINDS,
  doc: {
    summary: 'The selectors of two clusters do not exclude each other, though no known node satisfies both.',
    why: `One cluster selects by one label and another by a different one, so nothing but today's labels keeps them apart. A node
that joins, or is labelled anew, could be taken by both. Where nodes are not known, selectors that have no label in common are reported
here, and those that have one as IOM101. There is one finding for each two clusters, and none beside an IOM101.`,
    bad: `# iomesh-system/iomesh
- {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-0]}
# iomesh-cluster-1/iomesh-cluster-1
- {key: rack, operator: In, values: [r2]}`,
    good: `# iomesh-system/iomesh
- {key: rack, operator: In, values: [r1]}
# iomesh-cluster-1/iomesh-cluster-1
- {key: rack, operator: In, values: [r2]}`,
    remedy: `Select every cluster by the same label with values of its own: hostnames, or \`iomesh-guard.io/pool\`. Where the clusters
are apart in fact, tell which nodes there are (\`nodes\` in the configuration, with labels): known labels do not make the
warning go, but they turn a real overlap into an error.`,
    basis:
      'guide: the node sets of two clusters are disjoint; api: the meaning of selectors on different labels.',
  },
  check(subject, world, report) {
    for (const conflict of clusterConflictsOf(world, subject)) {
      const [pair] = conflict.certain ? [] : pairsOf(conflict, subject);
      if (pair === undefined) continue;
      report({
        ...placeOfMine(pair),
        message: messageOf(conflict, pair),
        related: [placeOfTheirs(pair)],
        help: 'select both clusters by the same label, each with values of its own, such as kubernetes.io/hostname',
        fix: { safety: 'shown', description: 'select both clusters by the same label' },
        symmetric: true,
        identity: conflictKey(conflict),
        other: pair.theirs.placement.resource,
        objects: conflict.pairs.flatMap(({ mine, theirs }) => [
          mine.placement.resource,
          theirs.placement.resource,
        ]),
        evidence: conflict.pairs.map(pairKey),
      });
    }
  },
  affected: function* (change, before, after) {
    // Where one object of a cluster no longer overlaps for certain, what is undecided of the other comes to light.
    yield* partnersOf(change, before, after);
    yield* affectedByNodes(change, before, after);
  },
};

function messageOf(conflict: ClusterConflict, pair: ClaimPair): string {
  const { overlap } = sharedNodeOf(pair);
  const clusters = clustersText(conflict);
  if (overlap === undefined || overlap.undecided === true)
    return `the node selectors of two IOMesh clusters are too large to compare: ${clusters}`;
  const unknown = pair.nodes === undefined ? '' : '; no known node is like that';
  return `${exampleNodeText(overlap.exampleNode)} would belong to two IOMesh clusters: ${clusters}${unknown}`;
}
