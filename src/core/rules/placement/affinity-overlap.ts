import { unclaimedNodes } from '../../iomesh/node-claims.ts';
import type { ExampleNode } from '../../node-selector/index.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { joined, plural, quotedList } from '../../base/text.ts';
import { affectedByNodes, PLACED_KINDS } from '../../iomesh/placement.ts';
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

/** Free nodes that the help names. */
const MAX_FREE = 6;

/** IOM101: a node belongs to two IOMesh clusters. */
export const affinityOverlap: Rule = {
  code: 'IOM101',
  name: 'affinity-overlap',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'shown',
  kinds: PLACED_KINDS,
  doc: {
    summary: 'A node can belong to two IOMesh clusters.',
    why: `Every node's redirector listens on 127.0.0.1:3260, and a node carries at most one chunk pod and one meta pod. Where the
selectors of two clusters meet, whichever pod comes second stays pending, or volumes of one cluster are served by the other. Pods
cannot be moved afterwards. Required node affinity and node selector of chunk, meta, redirector and ZooKeeper count together,
any component of one cluster against any of another. Where nodes are known, one of them must match both; where they are not, the two
must ask for the same label. There is one finding for each two clusters; where thousands clash,
the last ones are not looked into, and one finding says so.`,
    bad: `# iomesh-system/iomesh, spec.chunk
- {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-1, k8s-worker-2]}
# iomesh-cluster-1/iomesh-cluster-1, spec.chunk
- {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-2, k8s-worker-3]}`,
    good: `# iomesh-system/iomesh, spec.chunk
- {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-1, k8s-worker-2]}
# iomesh-cluster-1/iomesh-cluster-1, spec.chunk
- {key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4]}`,
    remedy: `Give each cluster nodes of its own, by hostname or by one label of which each cluster has its own value, such as
\`iomesh-guard.io/pool\`: a node carries one value, so two such clusters can never meet.`,
    basis: `guide: the node sets of two clusters are disjoint. That a ZookeeperCluster belongs to the IOMeshCluster it is named after
is inferred from the chart and every sample.`,
  },
  check(subject, world, report) {
    if (!wasCompared(world, subject))
      report({
        path: [],
        message: `the node selectors of this cluster, and of those that come after it, were not held against the others: ${MAX_CONFLICTS} clashes of IOM101 and IOM103 were found before`,
        help: 'mend what was found, and look again',
        fix: { safety: 'shown', description: 'mend what was found before' },
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
        help: world.memo(helpText, () => helpText(world)),
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
  affected: affectedByNodes,
};

/** `node "k8s-worker-2" is claimed by`, or what a node would have to be like. */
function sharedText({ pairs }: ClusterConflict, exampleNode: ExampleNode | undefined): string {
  const names = [...new Set(pairs.flatMap(sharedNodeNames))];
  if (names.length > 0)
    return `${plural(names.length, 'node')} ${quotedList(names)}${names.length < MAX_SHARED_NODES ? '' : ' or more'} ${plural(names.length, 'is', 'are')} claimed by`;
  return `${exampleNode === undefined ? 'a node' : exampleNodeText(exampleNode)} would belong to`;
}

function helpText(world: World): string {
  const free = unclaimedNodes(world);
  if (free === undefined) return 'give each cluster its own nodes';
  if (free.length === 0) return 'give each cluster its own nodes; none of the known ones is free';
  return `give each cluster its own nodes; claimed by none: ${joined(
    free.map(({ name }) => name),
    MAX_FREE,
  )}`;
}
