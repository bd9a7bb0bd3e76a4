import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import { nodesToOffer } from '../../iomesh/node-claims.ts';
import type { ExampleNode } from '../../node-selector/index.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { joined, plural, quotedList } from '../../base/text.ts';
import { placedObjectsIfNodesChange } from '../../iomesh/affected.ts';
import {
  type ClusterConflict,
  clusterConflictsOf,
  MAX_CONFLICTS,
  MAX_SHARED_NODES,
  overlapEvidence,
  pairsOf,
  sharedNodeNames,
  sharedNodeOf,
  wasCompared,
} from '../../iomesh/cluster-conflicts.ts';
import { exampleNodeText } from '../../iomesh/selection-text.ts';
import {
  clustersText,
  conflictKey,
  pairKey,
  placeOfMine,
  placeOfTheirs,
} from '../../iomesh/conflict-text.ts';

/** Unclaimed nodes that the help names. */
const MAX_FREE = 6;

/** IOM101: a node belongs to two IOMesh clusters. */
export const affinityOverlap: Rule = {
  code: 'IOM101',
  name: 'affinity-overlap',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'shown',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    if (!wasCompared(world, subject))
      report({
        path: [],
        message: `node selectors of this and all later clusters were not checked: the limit of ${MAX_CONFLICTS} conflicts (IOM101, IOM103) was reached`,
        help: 'fix the reported conflicts and run again',
        fix: { safety: 'shown', description: 'fix the reported conflicts' },
        identity: 'not looked into',
        evidence: [subject.key],
      });
    for (const conflict of clusterConflictsOf(world, subject)) {
      const [pair] = conflict.certain ? pairsOf(conflict, subject) : [];
      if (pair === undefined) continue;
      report({
        ...placeOfMine(pair),
        message: `${sharedText(conflict, sharedNodeOf(pair).overlap?.exampleNode)} two IOMesh clusters: ${clustersText(conflict)}`,
        related: [placeOfTheirs(pair)],
        help: world.memoize(helpText, () => helpText(world)),
        fix: { safety: 'shown', description: 'give each cluster its own nodes' },
        symmetric: true,
        identity: conflictKey(conflict),
        other: pair.theirs.placement.resource,
        objects: conflict.pairs.flatMap(({ mine, theirs }) => [
          mine.placement.resource,
          theirs.placement.resource,
        ]),
        evidence: conflict.pairs.flatMap((each) =>
          overlapEvidence(each).map((piece) => `${pairKey(each)}|${piece}`),
        ),
      });
    }
  },
  affected: placedObjectsIfNodesChange,
};

/** `node "k8s-worker-2" is claimed by`; if no known node is, an example of one that would be. */
function sharedText({ pairs }: ClusterConflict, exampleNode: ExampleNode | undefined): string {
  const names = [...new Set(pairs.flatMap(sharedNodeNames))];
  if (names.length > 0)
    return `${plural(names.length, 'node')} ${quotedList(names)}${names.length < MAX_SHARED_NODES ? '' : ' or more'} ${plural(names.length, 'is', 'are')} claimed by`;
  return `${exampleNode === undefined ? 'a node' : exampleNodeText(exampleNode)} would belong to`;
}

function helpText(world: World): string {
  const free = nodesToOffer(world);
  if (free === undefined) return 'give each cluster its own nodes';
  if (free.length === 0) return 'give each cluster its own nodes; every known node is claimed';
  return `give each cluster its own nodes; unclaimed nodes: ${joined(
    free.map(({ name }) => name),
    MAX_FREE,
  )}`;
}
