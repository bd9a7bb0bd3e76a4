/**
 * Which component of which cluster claims which nodes. The claims of a world are indexed once; a world
 * that differs by one change puts the change over the index of its base.
 */
import {
  type ClusterId,
  type ComponentPlacement,
  clusterOf,
  clusterText,
  objectsOf,
  placementsOf,
} from './cluster.ts';
import type { Kind, Resource } from '../base/model.ts';
import { isWorker, type KnownNodes, knownNodes } from './nodes.ts';
import { ClaimIndex, type KnownNode, type Selection, satisfiable } from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** One component's claim to the nodes its selection matches. */
export interface NodeClaim {
  readonly cluster: ClusterId;
  readonly placement: ComponentPlacement;
  readonly selection: Selection;
}

/** The claims an object makes. A component that requires nothing, or what no node can have, makes none. */
export function claimsOf(world: World, resource: Resource): readonly NodeClaim[] {
  const cluster = clusterOf(resource.ref);
  if (cluster === undefined) return [];
  const placements = placementsOf(world, resource);
  let claims = CLAIMS.get(placements);
  if (claims === undefined) {
    claims = placements.flatMap((placement): NodeClaim[] => {
      const { selection } = placement.placement;
      return selection !== undefined && satisfiable(selection) ? [{ cluster, placement, selection }] : [];
    });
    CLAIMS.set(placements, claims);
  }
  return claims;
}

/** One list for as long as the placements it was made of, so that a claim is one payload of the index. */
const CLAIMS = new WeakMap<readonly ComponentPlacement[], readonly NodeClaim[]>();

/** The claims a cluster makes, by its IOMeshCluster and its ZookeeperCluster. */
export function claimsOfCluster(world: World, id: ClusterId): readonly NodeClaim[] {
  const { cluster, zookeeper } = objectsOf(world, id);
  return [cluster, zookeeper].flatMap((each) => (each === undefined ? [] : claimsOf(world, each)));
}

/** The claims of other clusters that could share a node with a claim: all that do, and some that do not. */
export function candidateClaims(world: World, claim: NodeClaim): readonly NodeClaim[] {
  const own = clusterText(claim.cluster);
  return candidatesFor(world, claim.selection).filter(({ cluster }) => clusterText(cluster) !== own);
}

/**
 * Known nodes for storage that no cluster claims. In a world that differs by a change of a cluster, those
 * that the change sets free are left out. Undefined where nodes are not known.
 */
export function unclaimedNodes(world: World): readonly KnownNode[] | undefined {
  const nodes = knownNodes(world);
  if (nodes === undefined) return undefined;
  return world.memoize(unclaimedNodes, () => {
    const { base, change } = world;
    if (base === undefined || changedKind(world) === 'Node')
      return nodes.all.filter(notClaimed(world, nodes));
    const below = unclaimedNodes(base) ?? [];
    if (change?.after === undefined || !isPlaced(change.after.kind)) return below;
    const taken = new Set(
      claimsOf(world, change.after).flatMap(({ selection }) => nodes.matching(selection)),
    );
    return below.filter((node) => !taken.has(node));
  });
}

function notClaimed(world: World, nodes: KnownNodes): (node: KnownNode) => boolean {
  const claimed = new Set<KnownNode>();
  for (const { selection } of allClaims(world)) {
    if (claimed.size === nodes.all.length) break;
    for (const node of nodes.matching(selection)) claimed.add(node);
  }
  return (node) => !claimed.has(node) && isWorker(node);
}

/** The candidates of the whole world: those of the base, with the claims of the changed object replaced. */
function candidatesFor(world: World, selection: Selection): readonly NodeClaim[] {
  const { base, change } = world;
  if (base === undefined)
    return world.memoize(ClaimIndex, () => new ClaimIndex(entries(allClaims(world)))).candidates(selection);
  const below = candidatesFor(base, selection);
  const changed = change?.before ?? change?.after;
  if (changed === undefined || !isPlaced(changed.kind)) return below;
  const come = change?.after === undefined ? [] : claimsOf(world, change.after);
  // An object whose name is yet to be generated replaces none.
  if (changed.ref.name === '') return [...below, ...come];
  return [...below.filter(({ placement }) => placement.resource.key !== changed.key), ...come];
}

function* allClaims(world: World): Iterable<NodeClaim> {
  for (const kind of PLACED) for (const resource of world.all(kind)) yield* claimsOf(world, resource);
}

function* entries(claims: Iterable<NodeClaim>): Iterable<readonly [Selection, NodeClaim]> {
  for (const claim of claims) yield [claim.selection, claim];
}

const PLACED = ['IOMeshCluster', 'ZookeeperCluster'] as const;

function isPlaced(kind: Kind): boolean {
  return kind === 'IOMeshCluster' || kind === 'ZookeeperCluster';
}

function changedKind({ base, change }: World): Kind | undefined {
  return base === undefined ? undefined : (change?.before ?? change?.after)?.kind;
}
