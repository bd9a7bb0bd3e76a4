/**
 * Which component of which cluster claims which nodes. The claims of a world are indexed once. A world after
 * a change uses the index of its base.
 */
import { Derived } from '../base/derived.ts';
import { type ClusterId, clusterOf, existingObjectsOf, sameCluster } from './cluster.ts';
import { changedObject, type Resource } from '../base/model.ts';
import { asksForName, isWorker, type KnownNodes, knownNodes } from './nodes.ts';
import { HOSTNAME_LABEL, type KnownNode, type Selection, SelectionIndex } from '../node-selector/index.ts';
import {
  claimsNodes,
  type ComponentPlacement,
  placedObjects,
  placementsOf,
  usableSelection,
} from './placement.ts';
import type { World } from '../world.ts';

/** The nodes that a component requires, by its selection. */
export interface NodeClaim {
  readonly cluster: ClusterId;
  readonly placement: ComponentPlacement;
  readonly selection: Selection;
}

/**
 * The claims of an object. A component makes none if it requires no node, if no node can satisfy it, or if it
 * is a redirector of 1.1 or later.
 */
export function claimsOf(world: World, resource: Resource): readonly NodeClaim[] {
  const cluster = clusterOf(resource.ref);
  if (cluster === undefined) return [];
  const placements = placementsOf(world, resource);
  const known = CLAIMS.get(placements);
  if (known !== undefined) return known;
  const claims: NodeClaim[] = [];
  for (const placement of placements) {
    const selection = claimsNodes(world, placement.component) ? usableSelection(placement) : undefined;
    if (selection !== undefined) claims.push({ cluster, placement, selection });
  }
  CLAIMS.set(placements, claims);
  return claims;
}

/**
 * One list for each list of placements, which depends on the version as the claims do: the index holds
 * claims, and finds them again by identity.
 */
const CLAIMS = new Derived<readonly ComponentPlacement[], readonly NodeClaim[]>();

/** The claims of a cluster: those of its IOMeshCluster, then those of its ZookeeperCluster. */
export function claimsOfCluster(world: World, id: ClusterId): readonly NodeClaim[] {
  return existingObjectsOf(world, id).flatMap((each) => claimsOf(world, each));
}

/**
 * The known worker nodes that no cluster claims; undefined if nodes are not known. After a change of a
 * cluster, the nodes that this change frees are not among them.
 */
export function unclaimedNodes(world: World): readonly KnownNode[] | undefined {
  const nodes = knownNodes(world);
  if (nodes === undefined) return undefined;
  return world.memoize(unclaimedNodes, () => {
    const { base, change = {} } = world;
    if (base === undefined || changedObject(change)?.kind === 'Node')
      return nodes.all.filter(isUnclaimed(world, nodes));
    const claims = change.after === undefined ? [] : claimsOf(world, change.after);
    const claimed = new Set(claims.flatMap(({ selection }) => nodes.matching(selection)));
    return unclaimedNodes(base)?.filter((node) => !claimed.has(node)) ?? [];
  });
}

function isUnclaimed(world: World, nodes: KnownNodes): (node: KnownNode) => boolean {
  const claimed = new Set<KnownNode>();
  for (const { selection } of allClaims(world)) {
    if (claimed.size === nodes.all.length) break;
    for (const node of nodes.matching(selection)) claimed.add(node);
  }
  return (node) => !claimed.has(node) && isWorker(node);
}

/**
 * The {@link unclaimedNodes} that another cluster may take. A node that a cluster lists is none of them, even if
 * it lacks another label of the selection for now.
 */
export function nodesToOffer(world: World): readonly KnownNode[] | undefined {
  const free = unclaimedNodes(world);
  if (free === undefined || free.length === 0) return free;
  const listed = listedNames(world);
  return free.filter(({ name, labels }) => !listed.has(name) && !listed.has(labels[HOSTNAME_LABEL] ?? name));
}

/** The names of nodes that clusters list, before or after a change. */
function listedNames(world: World): ReadonlySet<string> {
  const { base, change } = world;
  return world.memoize(nodesToOffer, () => {
    const names = new Set(base === undefined ? [] : listedNames(base));
    const added = change?.after === undefined ? [] : claimsOf(world, change.after);
    for (const { selection } of base === undefined ? allClaims(world) : added)
      for (const { requirements } of selection.terms)
        for (const each of requirements)
          if (each.operator === 'In' && asksForName(each)) for (const name of each.values) names.add(name);
    return names;
  });
}

/**
 * The claims of other clusters that could share a node with a claim: all that do, and some that do not. After a change
 * of another cluster: those of the base, with the claims of the changed object replaced.
 */
export function candidateClaims(world: World, claim: NodeClaim): readonly NodeClaim[] {
  const { base, change } = world;
  if (base === undefined)
    return indexOf(world)
      .candidates(claim.selection)
      .filter(({ cluster }) => !sameCluster(cluster, claim.cluster));
  const candidates = candidateClaims(base, claim);
  const changed = change?.before ?? change?.after;
  const cluster = changed === undefined ? undefined : clusterOf(changed.ref);
  if (changed === undefined || cluster === undefined || sameCluster(cluster, claim.cluster))
    return candidates;
  const added =
    change?.after === undefined ? [] : filedClaims(claimsOf(world, change.after)).candidates(claim.selection);
  // An object whose name the apiserver has yet to generate replaces no other.
  const kept =
    changed.ref.name === ''
      ? candidates
      : candidates.filter(({ placement }) => placement.resource.key !== changed.key);
  return added.length === 0 ? kept : [...kept, ...added];
}

/** The index of an object's claims. A pending change is part of several worlds, and of each later review. */
function filedClaims(claims: readonly NodeClaim[]): SelectionIndex<NodeClaim> {
  let filed = FILED.get(claims);
  if (filed === undefined) {
    filed = bySelection(claims);
    FILED.set(claims, filed);
  }
  return filed;
}

const FILED = new Derived<readonly NodeClaim[], SelectionIndex<NodeClaim>>();

function indexOf(world: World): ClaimIndex {
  return world.memoizeFrom(ClaimIndex, (last: ClaimIndex | undefined) => {
    const claims = allClaims(world);
    return last?.changedTo(claims) ?? ClaimIndex.of(claims);
  });
}

/** Claims that may differ from those of an index before it is built anew. Each costs a look-up a step. */
const MAX_CHANGED = 100;

/**
 * The claims of a world by their selections. The next world of a live cluster has nearly the same claims, and uses the
 * same index with the difference: with 1 000 clusters, building it takes 12 ms, after each stored change.
 */
class ClaimIndex {
  readonly #filed: ReadonlySet<NodeClaim>;
  readonly #bySelection: SelectionIndex<NodeClaim>;
  readonly #gone: ReadonlySet<NodeClaim>;
  readonly #added: SelectionIndex<NodeClaim>;

  private constructor(
    filed: ReadonlySet<NodeClaim>,
    bySelection: SelectionIndex<NodeClaim>,
    gone: ReadonlySet<NodeClaim>,
    added: SelectionIndex<NodeClaim>,
  ) {
    this.#filed = filed;
    this.#bySelection = bySelection;
    this.#gone = gone;
    this.#added = added;
  }

  static of(claims: readonly NodeClaim[]): ClaimIndex {
    return new ClaimIndex(new Set(claims), bySelection(claims), new Set(), bySelection([]));
  }

  /** An index of other claims; undefined if too many differ. */
  changedTo(claims: readonly NodeClaim[]): ClaimIndex | undefined {
    const now = new Set(claims);
    const added = claims.filter((each) => !this.#filed.has(each));
    const gone = [...this.#filed].filter((each) => !now.has(each));
    if (added.length + gone.length > MAX_CHANGED) return undefined;
    return new ClaimIndex(this.#filed, this.#bySelection, new Set(gone), bySelection(added));
  }

  /** See {@link SelectionIndex.candidates}. */
  candidates(selection: Selection): readonly NodeClaim[] {
    const found = this.#bySelection.candidates(selection);
    const kept = this.#gone.size === 0 ? found : found.filter((each) => !this.#gone.has(each));
    const added = this.#added.candidates(selection);
    return added.length === 0 ? kept : [...kept, ...added];
  }
}

function bySelection(claims: readonly NodeClaim[]): SelectionIndex<NodeClaim> {
  return new SelectionIndex(claims.map((claim) => [claim.selection, claim] as const));
}

function allClaims(world: World): readonly NodeClaim[] {
  const claims: NodeClaim[] = [];
  for (const resource of placedObjects(world)) claims.push(...claimsOf(world, resource));
  return claims;
}
