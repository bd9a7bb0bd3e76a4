/** The node map: which node belongs to which cluster, by the same facts as the placement rules. */
import {
  CLUSTER_KINDS,
  type ClusterId,
  COMPONENTS,
  clusterOf,
  clusterText,
  isOfIomesh,
} from '../iomesh/cluster.ts';
import { claimsOf } from '../iomesh/node-claims.ts';
import { KnownNodes, knownNodes } from '../iomesh/nodes.ts';
import { compareNames } from '../base/text.ts';
import { HOSTNAME_LABEL } from '../node-selector/index.ts';
import type { World } from '../world.ts';
import { listedNames, mapComponent } from './components.ts';
import { mapConflicts } from './conflicts.ts';
import { NodeRows } from './node-rows.ts';
import type { ClusterMember, MapCluster, MapNode, NodeMap } from './types.ts';

export { MapTooLarge } from './node-rows.ts';
export type {
  MapClaim,
  MapCluster,
  MapComponent,
  MapConflict,
  MapNode,
  NodeMap,
  NodeState,
  PlacementState,
} from './types.ts';

/**
 * The nodes of a world and the clusters that claim them. The nodes are the known ones, or those that
 * selectors name if none are known. Throws {@link MapTooLarge} if there are too many claims to show.
 */
export function nodeMap(world: World): NodeMap {
  const members = membersOf(world);
  const known = knownNodes(world);
  const all = known ?? namedNodes(world, members);
  const ids = members.map(({ id }) => id);
  const rows = new NodeRows(all, known !== undefined, ids);
  const placed = members.map((member) =>
    COMPONENTS.map((component) => {
      const { described, claim } = mapComponent(world, member, component, all);
      if (claim !== undefined) rows.claim(member.id, component, claim.selection, claim.reach);
      return described;
    }),
  );
  const conflicts = mapConflicts(world, members, (node, { cluster, placement }) =>
    rows.markShared(node, cluster, placement.component),
  );
  const mayClaimMore = placed.some((components) => components.some(({ state }) => state === 'undecided'));
  const nodes = rows.nodes(mayClaimMore).sort((a, b) => compareNames(a.name, b.name));
  const counts = countClaims(nodes);
  const countOf = (id: ClusterId, of = '') => counts.get(`${clusterText(id)} ${of}`) ?? 0;
  return {
    known: known === undefined ? 'none' : known.labelled ? 'labels' : 'names',
    nodes,
    clusters: members.map(
      ({ id }, index): MapCluster => ({
        id,
        management: world.isManagement(id),
        nodes: countOf(id),
        components: (placed[index] ?? []).map((each) => ({ ...each, nodes: countOf(id, each.component) })),
      }),
    ),
    conflicts,
    managementCluster: world.config.managementCluster,
  };
}

/**
 * Every IOMesh cluster, the management cluster first. A ZookeeperCluster without its IOMeshCluster counts as
 * one.
 */
function membersOf(world: World): readonly ClusterMember[] {
  const found = new Map<string, ClusterMember>();
  for (const kind of CLUSTER_KINDS) {
    for (const resource of world.all(kind)) {
      const id = clusterOf(resource.ref);
      if (id === undefined || !isOfIomesh(world, resource)) continue;
      const member = found.get(clusterText(id)) ?? { id, cluster: undefined, zookeeper: undefined };
      const part = kind === 'IOMeshCluster' ? 'cluster' : 'zookeeper';
      found.set(clusterText(id), { ...member, [part]: member[part] ?? resource });
    }
  }
  const rank = ({ id }: ClusterMember) => (world.isManagement(id) ? 0 : 1);
  return [...found.values()].sort(
    (a, b) =>
      rank(a) - rank(b) || compareNames(a.id.namespace, b.id.namespace) || compareNames(a.id.name, b.id.name),
  );
}

/** The nodes that selectors name. */
function namedNodes(world: World, members: readonly ClusterMember[]): KnownNodes {
  const names = new Set<string>();
  for (const { cluster, zookeeper } of members)
    for (const object of [cluster, zookeeper])
      for (const { selection } of object === undefined ? [] : claimsOf(world, object))
        for (const name of listedNames(selection)) names.add(name);
  return new KnownNodes(
    [...names].map((name) => ({ name, labels: Object.fromEntries([[HOSTNAME_LABEL, name]]) })),
    false,
  );
}

/** How many nodes each cluster claims, and each of its components: by `namespace/name component`. */
function countClaims(nodes: readonly MapNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { claims } of nodes)
    for (const { cluster, components } of claims)
      for (const of of ['', ...components]) {
        const key = `${clusterText(cluster)} ${of}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
  return counts;
}
