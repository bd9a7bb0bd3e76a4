import type { Claim } from '../iomesh/node-claims.ts';
import { COMPONENTS, type Component, clusterText } from '../iomesh/cluster.ts';
import { type Clash, clashesOf, MAX_SHARED } from '../iomesh/cluster-conflicts.ts';
import { meetingNodes, meetingOf } from '../iomesh/meeting.ts';
import { witnessText } from '../iomesh/selection-text.ts';
import { clashKey } from '../iomesh/conflict-text.ts';
import type { World } from '../world.ts';
import type { Member } from './clusters.ts';
import type { MapConflict } from './types.ts';

/** Takes a node that a claim shares with one of another cluster. */
export type Mark = (node: string, claim: Claim) => void;

/**
 * What stands between the clusters of a world, each two of them once: what IOM101 and IOM103 tell, by the same law
 * and with its bounds. `mark` is given every node by name that two claims meet on.
 */
export function conflictsOf(world: World, members: readonly Member[], mark: Mark): readonly MapConflict[] {
  const told = new Map<string, MapConflict>();
  for (const { mesh, zookeeper } of members) {
    for (const object of [mesh, zookeeper]) {
      for (const clash of object === undefined ? [] : clashesOf(world, object)) {
        const key = clashKey(clash);
        if (!told.has(key)) told.set(key, describe(clash, mark));
      }
    }
  }
  const rank = new Map(members.map(({ id }, index) => [clusterText(id), index]));
  const order = ({ clusters: [a, b] }: MapConflict) => [
    rank.get(clusterText(a)) ?? 0,
    rank.get(clusterText(b)) ?? 0,
  ];
  return [...told.values()].sort((x, y) => {
    const [a = 0, b = 0] = order(x);
    const [c = 0, d = 0] = order(y);
    return Number(y.certain) - Number(x.certain) || a - c || b - d;
  });
}

function describe(clash: Clash, mark: Mark): MapConflict {
  const { mine, theirs, certain, conflicts } = clash;
  const names = new Set<string>();
  for (const conflict of certain ? conflicts : []) {
    for (const name of meetingNodes(conflict)) {
      names.add(name);
      mark(name, conflict.mine);
      mark(name, conflict.theirs);
    }
  }
  const [first] = conflicts;
  return {
    clusters: [mine, theirs],
    certain,
    components: [
      componentsOf(conflicts.map((each) => each.mine)),
      componentsOf(conflicts.map((each) => each.theirs)),
    ],
    nodes: [...names].slice(0, MAX_SHARED),
    more: names.size >= MAX_SHARED,
    witness: names.size > 0 || first === undefined ? undefined : witnessOf(meetingOf(first)),
  };
}

function witnessOf({ overlap }: ReturnType<typeof meetingOf>): string | undefined {
  return overlap === undefined || overlap.undecided === true ? undefined : witnessText(overlap.witness);
}

function componentsOf(claims: readonly Claim[]): readonly Component[] {
  const found = new Set(claims.map(({ placement }) => placement.component));
  return COMPONENTS.filter((each) => found.has(each));
}
