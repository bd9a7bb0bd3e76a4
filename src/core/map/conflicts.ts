import type { NodeClaim } from '../iomesh/node-claims.ts';
import { COMPONENTS, type Component, clusterText } from '../iomesh/cluster.ts';
import {
  type ClusterConflict,
  clusterConflictsOf,
  MAX_SHARED_NODES,
  sharedNodeNames,
  type SharedNode,
  sharedNodeOf,
} from '../iomesh/cluster-conflicts.ts';
import { exampleNodeText } from '../iomesh/selection-text.ts';
import { conflictKey } from '../iomesh/conflict-text.ts';
import type { World } from '../world.ts';
import type { ClusterMember, MapConflict } from './types.ts';

/** Receives a node that a claim shares with a claim of another cluster. */
export type MarkSharedNode = (node: string, claim: NodeClaim) => void;

/**
 * The conflicts between the clusters of a world, one for each two clusters: those that IOM101 and IOM103
 * report, with the same limits. `mark` receives each shared node that is known by name, once for each claim.
 */
export function mapConflicts(
  world: World,
  members: readonly ClusterMember[],
  mark: MarkSharedNode,
): readonly MapConflict[] {
  const found = new Map<string, MapConflict>();
  for (const { cluster, zookeeper } of members) {
    for (const object of [cluster, zookeeper]) {
      for (const conflict of object === undefined ? [] : clusterConflictsOf(world, object)) {
        const key = conflictKey(conflict);
        if (!found.has(key)) found.set(key, toMapConflict(conflict, mark));
      }
    }
  }
  const rank = new Map(members.map(({ id }, index) => [clusterText(id), index]));
  const order = ({ clusters: [a, b] }: MapConflict) => [
    rank.get(clusterText(a)) ?? 0,
    rank.get(clusterText(b)) ?? 0,
  ];
  return [...found.values()].sort((x, y) => {
    const [a = 0, b = 0] = order(x);
    const [c = 0, d = 0] = order(y);
    return Number(y.certain) - Number(x.certain) || a - c || b - d;
  });
}

function toMapConflict({ mine, theirs, certain, pairs }: ClusterConflict, mark: MarkSharedNode): MapConflict {
  const names = new Set<string>();
  for (const pair of certain ? pairs : []) {
    for (const name of sharedNodeNames(pair)) {
      names.add(name);
      mark(name, pair.mine);
      mark(name, pair.theirs);
    }
  }
  const [first] = pairs;
  return {
    clusters: [mine, theirs],
    certain,
    components: [
      componentsOf(pairs.map((each) => each.mine)),
      componentsOf(pairs.map((each) => each.theirs)),
    ],
    nodes: [...names].slice(0, MAX_SHARED_NODES),
    more: names.size >= MAX_SHARED_NODES,
    exampleNode: names.size > 0 || first === undefined ? undefined : exampleOf(sharedNodeOf(first)),
  };
}

function exampleOf({ overlap }: SharedNode): string | undefined {
  return overlap === undefined || overlap.undecided === true
    ? undefined
    : exampleNodeText(overlap.exampleNode);
}

function componentsOf(claims: readonly NodeClaim[]): readonly Component[] {
  const found = new Set(claims.map(({ placement }) => placement.component));
  return COMPONENTS.filter((each) => found.has(each));
}
