import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { objectsOfSameCluster, placedObjectsIfNodesChange } from '../../iomesh/affected.ts';
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

/** IOM103: no known node belongs to two clusters, but a new one could. */
export const affinityUndecided: Rule = {
  code: 'IOM103',
  name: 'affinity-undecided',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'shown',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    for (const conflict of clusterConflictsOf(world, subject)) {
      const [pair] = conflict.certain ? [] : pairsOf(conflict, subject);
      if (pair === undefined) continue;
      report({
        ...placeOfMine(pair),
        message: messageOf(conflict, pair),
        related: [placeOfTheirs(pair)],
        help: 'use the same label in both selectors with different values, for example kubernetes.io/hostname',
        fix: { safety: 'shown', description: 'use the same label in both selectors with different values' },
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
  affected(change, before, after) {
    // IOM101 of one object of the cluster replaces IOM103 of the other.
    return [
      ...objectsOfSameCluster(change, before, after),
      ...placedObjectsIfNodesChange(change, before, after),
    ];
  },
};

function messageOf(conflict: ClusterConflict, pair: ClaimPair): string {
  const { overlap } = sharedNodeOf(pair);
  const clusters = clustersText(conflict);
  if (overlap === undefined || overlap.undecided === true)
    return `the node selectors of two IOMesh clusters are too large to compare: ${clusters}`;
  const unknown = pair.nodes === undefined ? '' : ', but no known node is like that';
  return `${exampleNodeText(overlap.exampleNode)} would belong to two IOMesh clusters: ${clusters}${unknown}`;
}
