import { type Claim, claimsOfCluster, rivalsOf } from './node-claims.ts';
import { type ClusterId, COMPONENTS, clusterOf, clusterText } from './cluster.ts';
import type { Resource } from '../base/model.ts';
import { knownNodes } from './nodes.ts';
import type { KnownNode, Overlap } from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** Shared nodes that are looked for; beyond, there are simply many. */
export const MAX_SHARED = 100;

/**
 * Clashes of one world that are looked into, counted from both sides. Where thousands of clusters are
 * all after the same nodes, more of them say nothing new. IOM101 tells where clusters were passed over.
 */
export const MAX_CLASHES = 4000;

/** Two components of two clusters that one node can satisfy together. */
export interface Conflict {
  readonly mine: Claim;
  readonly theirs: Claim;
  /** The terms that meet, never none. */
  readonly overlaps: readonly Overlap[];
  /** The known nodes that satisfy both, at most {@link MAX_SHARED}; undefined where what is known of the nodes cannot tell. */
  readonly nodes: readonly KnownNode[] | undefined;
}

/** What stands between two clusters, seen from one of them. */
export interface Clash {
  readonly mine: ClusterId;
  readonly theirs: ClusterId;
  /** True where a node does belong to both, false where only one that nobody knows could. */
  readonly certain: boolean;
  /** In order of the components; only the certain ones where there are such. */
  readonly conflicts: readonly Conflict[];
}

/**
 * The clashes that an object has a part in: those of its cluster in which one of its own components
 * stands against another cluster.
 */
export function clashesOf(world: World, subject: Resource): readonly Clash[] {
  const id = clusterOf(subject.ref);
  if (id === undefined) return [];
  return (clashesOfCluster(world, id) ?? []).filter(({ conflicts }) =>
    conflicts.some(({ mine }) => mine.placement.resource.key === subject.key),
  );
}

/** False where {@link MAX_CLASHES} others came first, so that {@link clashesOf} knows nothing of this object's. */
export function isLookedInto(world: World, subject: Resource): boolean {
  const id = clusterOf(subject.ref);
  return id === undefined || clashesOfCluster(world, id) !== undefined;
}

/** The conflicts of a clash that an object has a part in; it is told by the first of them. */
export function conflictsOn(clash: Clash, subject: Resource): readonly Conflict[] {
  return clash.conflicts.filter(({ mine }) => mine.placement.resource.key === subject.key);
}

/** Undefined for a cluster that was passed over. */
function clashesOfCluster(world: World, id: ClusterId): readonly Clash[] | undefined {
  const known = world.memo(clashesOfCluster, () => ({
    byCluster: new Map<string, readonly Clash[]>(),
    count: 0,
  }));
  const key = clusterText(id);
  const looked = known.byCluster.get(key);
  if (looked !== undefined || known.count >= MAX_CLASHES) return looked;
  const clashes = compute(world, id);
  known.byCluster.set(key, clashes);
  known.count += clashes.length;
  return clashes;
}

function compute(world: World, id: ClusterId): readonly Clash[] {
  const byCluster = new Map<string, Conflict[]>();
  for (const mine of claimsOfCluster(world, id)) {
    for (const { claim: theirs, overlaps } of rivalsOf(world, mine)) {
      const key = clusterText(theirs.cluster);
      const conflict = { mine, theirs, overlaps, nodes: sharedNodes(world, mine, theirs) };
      const list = byCluster.get(key);
      if (list === undefined) byCluster.set(key, [conflict]);
      else list.push(conflict);
    }
  }
  return [...byCluster.values()].map((all) => {
    const certain = all.filter(isCertain);
    const conflicts = (certain.length > 0 ? certain : all).sort(byComponents);
    return { mine: id, theirs: conflicts[0]!.theirs.cluster, certain: certain.length > 0, conflicts };
  });
}

/** Where nodes are known, one of them must satisfy both; else two terms must speak of one label. */
function isCertain({ overlaps, nodes }: Conflict): boolean {
  return nodes === undefined ? overlaps.some(({ commonKeys }) => commonKeys.length > 0) : nodes.length > 0;
}

function sharedNodes(world: World, mine: Claim, theirs: Claim): readonly KnownNode[] | undefined {
  const nodes = knownNodes(world);
  if (nodes === undefined || !nodes.decide(mine.selection) || !nodes.decide(theirs.selection))
    return undefined;
  return nodes.shared(mine.selection, theirs.selection, MAX_SHARED);
}

function byComponents(a: Conflict, b: Conflict): number {
  return rank(a.mine) - rank(b.mine) || rank(a.theirs) - rank(b.theirs);
}

function rank({ placement }: Claim): number {
  return COMPONENTS.indexOf(placement.component);
}
