/** Which node belongs to which cluster, by the same law as the placement rules. */
import { COMPONENTS } from '../iomesh/cluster.ts';
import { claimsOf } from '../iomesh/node-claims.ts';
import { KnownNodes, knownNodes } from '../iomesh/nodes.ts';
import { HOSTNAME_LABEL } from '../node-selector/index.ts';
import type { World } from '../world.ts';
import { Counts } from './counts.ts';
import { isManagement, type Member, membersOf } from './clusters.ts';
import { placedComponent } from './components.ts';
import { conflictsOf } from './conflicts.ts';
import { Draft } from './draft.ts';
import { byName } from './order.ts';
import { namesIn } from './reach.ts';
import type { MapCluster, NodeMap } from './types.ts';

export { MapTooLarge } from './draft.ts';
export type {
  MapCluster,
  MapComponent,
  MapConflict,
  MapNode,
  MapClaim,
  NodeMap,
  NodeState,
  PlacementState,
} from './types.ts';

/**
 * The nodes of a world and the clusters that claim them. Nodes are those that are known, else those that selectors name;
 * what a cluster asks for that cannot be told of them is said at the cluster. Throws {@link MapTooLarge} for a
 * world whose claims are beyond showing.
 */
export function nodeMap(world: World): NodeMap {
  const members = membersOf(world);
  const known = knownNodes(world);
  const all = known ?? namedNodes(world, members);
  const draft = new Draft(
    all,
    known !== undefined,
    members.map(({ id }) => id),
  );
  const placed = members.map((member) =>
    COMPONENTS.map((component) => {
      const { told, claim } = placedComponent(world, member, component, all);
      if (claim !== undefined) draft.put(member.id, component, claim.selection, claim.reach);
      return told;
    }),
  );
  const conflicts = conflictsOf(world, members, (node, { cluster, placement }) =>
    draft.mark(node, cluster, placement.component),
  );
  const open = placed.some((components) => components.some(({ state }) => state === 'undecided'));
  const nodes = draft.nodes(open).sort((a, b) => byName(a.name, b.name));
  const counts = new Counts(nodes);
  return {
    known: known === undefined ? 'none' : known.labelled ? 'labels' : 'names',
    nodes,
    clusters: members.map(
      ({ id }, index): MapCluster => ({
        id,
        management: isManagement(world, id),
        nodes: counts.of(id),
        components: (placed[index] ?? []).map((told) => ({ ...told, nodes: counts.of(id, told.component) })),
      }),
    ),
    conflicts,
    managementCluster: world.config.managementCluster,
  };
}

/** The nodes that selectors name, where nobody said which nodes there are. */
function namedNodes(world: World, members: readonly Member[]): KnownNodes {
  const names = new Set<string>();
  for (const { mesh, zookeeper } of members)
    for (const object of [mesh, zookeeper])
      for (const { selection } of object === undefined ? [] : claimsOf(world, object))
        for (const name of namesIn(selection)) names.add(name);
  return new KnownNodes(
    [...names].map((name) => ({ name, labels: Object.fromEntries([[HOSTNAME_LABEL, name]]) })),
    false,
  );
}
