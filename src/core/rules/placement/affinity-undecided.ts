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
