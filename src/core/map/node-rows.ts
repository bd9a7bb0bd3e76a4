import { type ClusterId, COMPONENTS, type Component, clusterText } from '../iomesh/cluster.ts';
import { isWorker, type KnownNodes } from '../iomesh/nodes.ts';
import {
  HOSTNAME_LABEL,
  type KnownNode,
  NAME_FIELD,
  type Selection,
  satisfiable,
} from '../node-selector/index.ts';
import type { Reach } from './components.ts';
import type { MapClaim, MapNode, NodeState } from './types.ts';

/** Claims that a map can hold: far more than a person can read. */
const MAX_CLAIMS = 200_000;

/** The claim of one cluster to one node, its components as bits. */
interface ClaimBits {
  readonly cluster: ClusterId;
  certain: number;
  conditional: number;
}

interface Row {
  /** By the text of the cluster's identity. */
  readonly claims: Map<string, ClaimBits>;
  /** For each label key by which the node is claimed, the cluster that claimed it last. */
  readonly lastClaimants: Map<string, ClusterId>;
  overlap: boolean;
}

/** There are more claims than a map can hold. */
export class MapTooLarge extends Error {
  constructor() {
    super(`the clusters have more than ${MAX_CLAIMS} claims to nodes, which is too many for a map`);
    this.name = 'MapTooLarge';
  }
}

/** One row for each node of a map, into which the claims of one cluster after another are entered. */
export class NodeRows {
  readonly #nodes: KnownNodes;
  /** True if the world says which nodes exist. */
  readonly #known: boolean;
  readonly #rows = new Map<KnownNode, Row>();
  readonly #byName = new Map<string, Row>();
  readonly #inOrder: (a: ClaimBits, b: ClaimBits) => number;
  #count = 0;

  constructor(nodes: KnownNodes, known: boolean, clusters: readonly ClusterId[]) {
    const rank = new Map(clusters.map((id, index) => [clusterText(id), index]));
    const rankOf = ({ cluster }: ClaimBits) => rank.get(clusterText(cluster)) ?? 0;
    this.#inOrder = (a, b) => rankOf(a) - rankOf(b);
    this.#nodes = nodes;
    this.#known = known;
    for (const node of nodes.all) {
      const row: Row = { claims: new Map(), lastClaimants: new Map(), overlap: false };
      this.#rows.set(node, row);
      this.#byName.set(node.name, row);
    }
  }

  /** Enters the claim of a component on the nodes that it reaches. Throws {@link MapTooLarge}. */
  claim(cluster: ClusterId, component: Component, selection: Selection, reach: Reach): void {
    for (const node of reach.certain) this.#bitsOf(this.#rows.get(node)!, cluster).certain |= bit(component);
    for (const node of reach.conditional)
      this.#bitsOf(this.#rows.get(node)!, cluster).conditional |= bit(component);
    if (this.#known && this.#nodes.canDecide(selection))
      for (const node of reach.certain) this.#claimByKey(node, '', cluster);
    else this.#claimByTerm(cluster, selection);
  }

  /** Marks a node of the map that two clusters share, with the component by which one of them claims it. */
  markShared(name: string, cluster: ClusterId, component: Component): void {
    const row = this.#byName.get(name);
    if (row === undefined) return;
    row.overlap = true;
    this.#bitsOf(row, cluster).conditional |= bit(component);
  }

  /**
   * The nodes with the claims entered so far. `mayClaimMore`: a cluster may claim nodes that are not decided.
   */
  nodes(mayClaimMore: boolean): MapNode[] {
    return this.#nodes.all.map((node) => {
      const row = this.#rows.get(node)!;
      const claims = [...row.claims.values()].sort(this.#inOrder).map(
        ({ cluster, certain, conditional }): MapClaim => ({
          cluster,
          components: componentsOf(certain | conditional),
          conditional: componentsOf(conditional & ~certain),
        }),
      );
      const labels = this.#known && this.#nodes.labelled ? node.labels : undefined;
      return { name: node.name, labels, state: stateOf(node, row, mayClaimMore), claims };
    });
  }

  #bitsOf({ claims }: Row, cluster: ClusterId): ClaimBits {
    const key = clusterText(cluster);
    let bits = claims.get(key);
    if (bits === undefined) {
      this.#count += 1;
      if (this.#count > MAX_CLAIMS) throw new MapTooLarge();
      bits = { cluster, certain: 0, conditional: 0 };
      claims.set(key, bits);
    }
    return bits;
  }

  /**
   * Without labels two selectors overlap for certain only if they use one key: that is what IOM101 reports.
   * The keys of a term that asks for names alone are the hostname and the name.
   */
  #claimByTerm(cluster: ClusterId, selection: Selection): void {
    for (const term of selection.terms) {
      const alone: Selection = { terms: [term] };
      if (!satisfiable(term) || !this.#nodes.canDecide(alone)) continue;
      const keys = new Set(term.requirements.map(({ key }) => key));
      for (const node of this.#nodes.matching(alone))
        for (const key of [HOSTNAME_LABEL, NAME_FIELD])
          if (keys.has(key)) this.#claimByKey(node, key, cluster);
    }
  }

  #claimByKey(node: KnownNode, key: string, cluster: ClusterId): void {
    const row = this.#rows.get(node)!;
    const last = row.lastClaimants.get(key);
    if (last !== undefined && last !== cluster) row.overlap = true;
    row.lastClaimants.set(key, cluster);
  }
}

function stateOf(node: KnownNode, { claims, overlap }: Row, mayClaimMore: boolean): NodeState {
  if (overlap) return 'overlap';
  if (claims.size > 0) return 'claimed';
  if (!isWorker(node)) return 'control-plane';
  return mayClaimMore ? 'undecided' : 'free';
}

function bit(component: Component): number {
  return 1 << COMPONENTS.indexOf(component);
}

const COMPONENT_LISTS = Array.from({ length: 1 << COMPONENTS.length }, (_, bits) =>
  COMPONENTS.filter((component) => (bits & bit(component)) !== 0),
);

function componentsOf(bits: number): readonly Component[] {
  return COMPONENT_LISTS[bits] ?? [];
}
