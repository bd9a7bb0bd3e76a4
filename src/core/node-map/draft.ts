import { type ClusterId, COMPONENTS, type Component } from '../cluster.ts';
import { isWorker, type KnownNodes, NAME_FIELD } from '../nodes.ts';
import { HOSTNAME_LABEL, type KnownNode, type Selection, satisfiable } from '../selector/index.ts';
import type { Reach } from './reach.ts';
import type { MapNode, NodeClaim, NodeState } from './types.ts';

/** Entries a map may hold: far more than anybody can look at. */
const MAX_CLAIMS = 200_000;

/** What stands at a cluster's claim to a node while the map is made. */
interface Row {
  readonly claims: { readonly cluster: ClusterId; certain: number; conditional: number }[];
  /** Which cluster was the last to claim the node by a key, and whether another did before. */
  readonly claimants: Map<string, ClusterId>;
  overlap: boolean;
}

/** More claims than a map can show. */
export class MapTooLarge extends Error {
  constructor() {
    super(`the clusters claim nodes more than ${MAX_CLAIMS} times in all, which is too much for a map`);
    this.name = 'MapTooLarge';
  }
}

/** The nodes of a map while the clusters are put onto them, one cluster after another. */
export class Draft {
  readonly #nodes: KnownNodes;
  /** True where the world says which nodes there are. */
  readonly #known: boolean;
  readonly #rows = new Map<KnownNode, Row>();
  readonly #byName = new Map<string, Row>();
  readonly #counts = new Map<ClusterId, number>();
  #claims = 0;

  constructor(nodes: KnownNodes, known: boolean) {
    this.#nodes = nodes;
    this.#known = known;
    for (const node of nodes.all) {
      const row: Row = { claims: [], claimants: new Map(), overlap: false };
      this.#rows.set(node, row);
      this.#byName.set(node.name, row);
    }
  }

  /** Puts a component of a cluster onto the nodes it reaches. Throws {@link MapTooLarge}. */
  put(cluster: ClusterId, component: Component, selection: Selection, reach: Reach): void {
    for (const node of reach.certain) this.#entry(node, cluster).certain |= bit(component);
    for (const node of reach.conditional) this.#entry(node, cluster).conditional |= bit(component);
    if (this.#known && this.#nodes.decide(selection))
      for (const node of reach.certain) this.#claim(node, '', cluster);
    else this.#claimByTerm(cluster, selection);
  }

  /** Marks a node that two clusters are known to meet on. */
  mark(name: string): void {
    const row = this.#byName.get(name);
    if (row !== undefined) row.overlap = true;
  }

  /** How many nodes a cluster claims. */
  count(cluster: ClusterId): number {
    return this.#counts.get(cluster) ?? 0;
  }

  /** The nodes as they stand; `open` where a cluster may claim more of them than is known. */
  nodes(open: boolean): MapNode[] {
    return this.#nodes.all.map((node) => {
      const row = this.#rows.get(node)!;
      const claims = row.claims.map(
        ({ cluster, certain, conditional }): NodeClaim => ({
          cluster,
          components: componentsOf(certain | conditional),
          conditional: componentsOf(conditional & ~certain),
        }),
      );
      const labels = this.#known && this.#nodes.labelled ? node.labels : undefined;
      return { name: node.name, labels, state: stateOf(node, row, open), claims };
    });
  }

  #entry(node: KnownNode, cluster: ClusterId): Row['claims'][number] {
    const { claims } = this.#rows.get(node)!;
    // Clusters are put one after another, so that a cluster's own entry is the last.
    let entry = claims.at(-1);
    if (entry?.cluster !== cluster) {
      this.#claims += 1;
      if (this.#claims > MAX_CLAIMS) throw new MapTooLarge();
      entry = { cluster, certain: 0, conditional: 0 };
      claims.push(entry);
      this.#counts.set(cluster, (this.#counts.get(cluster) ?? 0) + 1);
    }
    return entry;
  }

  /**
   * Without labels two selectors meet for certain where they speak of one key, and only then: that is what IOM101
   * says. Of a term that asks for names alone, the keys are the hostname and the name.
   */
  #claimByTerm(cluster: ClusterId, selection: Selection): void {
    for (const term of selection.terms) {
      const alone: Selection = { terms: [term] };
      if (!satisfiable(term) || !this.#nodes.decide(alone)) continue;
      const keys = new Set(term.requirements.map(({ key }) => key));
      for (const node of this.#nodes.matching(alone))
        for (const key of [HOSTNAME_LABEL, NAME_FIELD]) if (keys.has(key)) this.#claim(node, key, cluster);
    }
  }

  #claim(node: KnownNode, key: string, cluster: ClusterId): void {
    const row = this.#rows.get(node)!;
    const before = row.claimants.get(key);
    if (before !== undefined && before !== cluster) row.overlap = true;
    row.claimants.set(key, cluster);
  }
}

function stateOf(node: KnownNode, { claims, overlap }: Row, open: boolean): NodeState {
  if (overlap) return 'overlap';
  if (claims.length > 0) return 'claimed';
  if (!isWorker(node)) return 'control-plane';
  return open ? 'undecided' : 'free';
}

function bit(component: Component): number {
  return 1 << COMPONENTS.indexOf(component);
}

const LISTS = Array.from({ length: 1 << COMPONENTS.length }, (_, bits) =>
  COMPONENTS.filter((component) => (bits & bit(component)) !== 0),
);

function componentsOf(bits: number): readonly Component[] {
  return LISTS[bits] ?? [];
}
