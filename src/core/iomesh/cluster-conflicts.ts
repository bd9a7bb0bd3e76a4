/**
 * Where two clusters want one node. A {@link NodeClaim} is one component's selection; an `Overlap` is a pair
 * of selector terms that one node can satisfy; a {@link ClusterConflict} holds every such pair of two
 * clusters.
 */
import { candidateClaims, claimsOfCluster, type NodeClaim } from './node-claims.ts';
import { type ClusterId, COMPONENTS, clusterOf, clusterText } from './cluster.ts';
import type { Resource } from '../base/model.ts';
import { asksForName, knownNodes } from './nodes.ts';
import {
  HOSTNAME_LABEL,
  type KnownNode,
  matches,
  NAME_FIELD,
  type Overlap,
  overlaps,
  type Requirement,
  type Selection,
  type Term,
} from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** Shared nodes that are listed for one pair of claims; more are only "more". */
export const MAX_SHARED_NODES = 100;

/**
 * Conflicts of one world that are computed, counted from both sides. Where thousands of clusters want the
 * same nodes, further ones add nothing. IOM101 reports the clusters that were skipped.
 */
export const MAX_CONFLICTS = 4000;

/** The claims of two clusters that one node can satisfy together. */
export interface ClaimPair {
  readonly mine: NodeClaim;
  readonly theirs: NodeClaim;
  /** The terms that overlap, never empty. */
  readonly overlaps: readonly Overlap[];
  /**
   * The known nodes that satisfy both, at most {@link MAX_SHARED_NODES}; undefined if the known nodes cannot
   * decide it.
   */
  readonly nodes: readonly KnownNode[] | undefined;
}

/** Two clusters whose claims overlap, seen from one of them. */
export interface ClusterConflict {
  readonly mine: ClusterId;
  readonly theirs: ClusterId;
  /** True if a node belongs to both, or is listed by both; false if only a node that is not known could. */
  readonly certain: boolean;
  /** In order of the components; only the certain ones if there are any. */
  readonly pairs: readonly ClaimPair[];
}

/** One node that both claims of a pair match, known or only possible, and the terms that select it. */
export interface SharedNode {
  readonly node: KnownNode;
  readonly mine: Term;
  readonly theirs: Term;
  /** The overlap that the node is an example of, if the node is only possible. */
  readonly overlap?: Overlap | undefined;
}

/**
 * The conflicts of an object's cluster in which one of the object's own components overlaps another cluster.
 */
export function clusterConflictsOf(world: World, subject: Resource): readonly ClusterConflict[] {
  const id = clusterOf(subject.ref);
  if (id === undefined) return [];
  return (conflictsOfCluster(world, id) ?? []).filter((conflict) => pairsOf(conflict, subject).length > 0);
}

/** False if {@link MAX_CONFLICTS} was reached earlier, so that the conflicts of this object are not known. */
export function wasCompared(world: World, subject: Resource): boolean {
  const id = clusterOf(subject.ref);
  return id === undefined || conflictsOfCluster(world, id) !== undefined;
}

/** The pairs of a conflict in which a component of the object takes part; the first of them is reported. */
export function pairsOf(conflict: ClusterConflict, subject: Resource): readonly ClaimPair[] {
  return conflict.pairs.filter(({ mine }) => mine.placement.resource.key === subject.key);
}

/** The first node that a pair shares: a known one, otherwise an example. */
export function sharedNodeOf({ mine, theirs, nodes, overlaps }: ClaimPair): SharedNode {
  const node = nodes?.[0];
  const [first, second] =
    node === undefined ? [] : [termFor(mine.selection, node), termFor(theirs.selection, node)];
  if (node !== undefined && first !== undefined && second !== undefined)
    return { node, mine: first, theirs: second };
  // An overlap on a common label says more than one of unrelated labels.
  const overlap =
    overlaps.find(isWritten) ?? overlaps.find(({ commonKeys }) => commonKeys.length > 0) ?? overlaps[0]!;
  const { name, labels } = overlap.exampleNode;
  return { node: { name: name ?? '', labels }, mine: overlap.a, theirs: overlap.b, overlap };
}

/** The names of the nodes that a pair shares; none if they are described by other labels only. */
export function sharedNodeNames({ nodes, overlaps }: ClaimPair): readonly string[] {
  const known = new Set(nodes?.flatMap(({ name, labels }) => [name, labels[HOSTNAME_LABEL] ?? name]));
  const listed = overlaps
    .filter((overlap) => nodes === undefined || listSameNode(overlap))
    .flatMap((overlap) => {
      const byName = sharedValues(overlap, NAME_FIELD);
      return byName.length > 0 ? byName : sharedValues(overlap, HOSTNAME_LABEL);
    })
    .filter((name) => !known.has(name));
  return [...new Set([...(nodes ?? []).map(({ name }) => name), ...listed])];
}

/** The evidence of a pair: node names, else label values; `*` for nodes that no list of values describes. */
export function overlapEvidence(pair: ClaimPair): readonly string[] {
  const names = sharedNodeNames(pair);
  // A label that both list is evidence whether a node has it yet or not.
  const labelled = names.length > 0 ? pair.overlaps.filter(listSameLabels) : pair.overlaps;
  const evidence = [...new Set([...names, ...labelled.flatMap(labelValues)])];
  if (evidence.length === 0) return ['*'];
  return evidence.length < MAX_SHARED_NODES ? evidence : [...evidence.slice(0, MAX_SHARED_NODES), '*'];
}

/** Undefined for a cluster that was skipped. */
function conflictsOfCluster(world: World, id: ClusterId): readonly ClusterConflict[] | undefined {
  const computed = world.memoize(conflictsOfCluster, () => ({
    byCluster: new Map<string, readonly ClusterConflict[]>(),
    count: 0,
  }));
  const key = clusterText(id);
  const known = computed.byCluster.get(key);
  if (known !== undefined || computed.count >= MAX_CONFLICTS) return known;
  const conflicts = findConflicts(world, id);
  computed.byCluster.set(key, conflicts);
  computed.count += conflicts.length;
  return conflicts;
}

function findConflicts(world: World, id: ClusterId): readonly ClusterConflict[] {
  const byCluster = new Map<string, ClaimPair[]>();
  for (const mine of claimsOfCluster(world, id)) {
    for (const theirs of candidateClaims(world, mine)) {
      const found = overlaps(mine.selection, theirs.selection);
      if (found.length === 0) continue;
      const key = clusterText(theirs.cluster);
      const pair = { mine, theirs, overlaps: found, nodes: sharedNodes(world, mine, theirs) };
      const list = byCluster.get(key);
      if (list === undefined) byCluster.set(key, [pair]);
      else list.push(pair);
    }
  }
  return [...byCluster.values()].map((all) => {
    const certain = all.filter(isCertain);
    const pairs = (certain.length > 0 ? certain : all).sort(byComponents);
    return { mine: id, theirs: pairs[0]!.theirs.cluster, certain: certain.length > 0, pairs };
  });
}

/**
 * If nodes are known, one of them must satisfy both, or both must list the same one; otherwise two terms must
 * constrain one label.
 */
function isCertain({ overlaps, nodes }: ClaimPair): boolean {
  return nodes === undefined
    ? overlaps.some(({ commonKeys }) => commonKeys.length > 0)
    : nodes.length > 0 || overlaps.some(isWritten);
}

/** True for an overlap that known nodes cannot refute: a node can join, return or get the label. */
function isWritten(overlap: Overlap): boolean {
  return listSameNode(overlap) || listSameLabels(overlap);
}

function listSameNode({ sharedValues: listed }: Overlap): boolean {
  return Object.hasOwn(listed, HOSTNAME_LABEL) || Object.hasOwn(listed, NAME_FIELD);
}

/** True for terms without names of nodes that list a common value of every label that either asks for. */
function listSameLabels({ a, b, sharedValues: listed }: Overlap): boolean {
  const requirements = [...a.requirements, ...b.requirements];
  return (
    requirements.length > 0 &&
    requirements.every((each) => !asksForName(each) && Object.hasOwn(listed, each.key))
  );
}

function sharedNodes(world: World, mine: NodeClaim, theirs: NodeClaim): readonly KnownNode[] | undefined {
  const nodes = knownNodes(world);
  if (nodes === undefined || !nodes.canDecide(mine.selection) || !nodes.canDecide(theirs.selection))
    return undefined;
  return nodes.shared(mine.selection, theirs.selection, MAX_SHARED_NODES);
}

function byComponents(a: ClaimPair, b: ClaimPair): number {
  return rank(a.mine) - rank(b.mine) || rank(a.theirs) - rank(b.theirs);
}

function rank({ placement }: NodeClaim): number {
  return COMPONENTS.indexOf(placement.component);
}

function termFor(selection: Selection, node: KnownNode): Term | undefined {
  return selection.terms.find((term) => matches({ terms: [term] }, node));
}

function labelValues(overlap: Overlap): readonly string[] {
  return overlap.commonKeys.flatMap((key) => sharedValues(overlap, key).map((value) => `${key}=${value}`));
}

/** The values of a key that both terms accept, if at least one of them lists values. */
function sharedValues(overlap: Overlap, key: string): readonly string[] {
  if (Object.hasOwn(overlap.sharedValues, key)) return overlap.sharedValues[key] ?? [];
  if (!overlap.commonKeys.includes(key)) return [];
  const requirements = [...overlap.a.requirements, ...overlap.b.requirements].filter(
    (each) => each.key === key,
  );
  const listing = requirements.find(({ operator }) => operator === 'In');
  const alone: Selection = { terms: [{ requirements, path: [] }] };
  return [...new Set(listing?.values)].filter((value) => matches(alone, nodeWith(listing!, value)));
}

function nodeWith({ kind, key }: Requirement, value: string): KnownNode {
  return kind === 'field'
    ? { name: value, labels: {} }
    : { name: 'any', labels: Object.fromEntries([[key, value]]) };
}
