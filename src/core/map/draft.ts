import { type ClusterId, COMPONENTS, type Component, clusterText } from '../iomesh/cluster.ts';
import { isWorker, type KnownNodes } from '../iomesh/nodes.ts';
import {
  HOSTNAME_LABEL,
  type KnownNode,
  NAME_FIELD,
  satisfiable,
  type Selection,
} from '../node-selector/index.ts';
import type { Reach } from './reach.ts';
import type { MapNode, MapClaim, NodeState } from './types.ts';

/** Entries a map may hold: far more than anybody can look at. */
const MAX_CLAIMS = 200_000;

/** What a cluster has on a node, its components as bits. */
interface Entry {
  readonly cluster: ClusterId;
  certain: number;
  conditional: number;
}

/** A node while the map is made. */
interface Row {
  /** By the cluster. */
  readonly entries: Map<string, Entry>;
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
  readonly #inOrder: (a: Entry, b: Entry) => number;
  #claims = 0;

  constructor(nodes: KnownNodes, known: boolean, clusters: readonly ClusterId[]) {
    const rank = new Map(clusters.map((id, index) => [clusterText(id), index]));
    const rankOf = ({ cluster }: Entry) => rank.get(clusterText(cluster)) ?? 0;
    this.#inOrder = (a, b) => rankOf(a) - rankOf(b);
    this.#nodes = nodes;
    this.#known = known;
    for (const node of nodes.all) {
      const row: Row = { entries: new Map(), claimants: new Map(), overlap: false };
      this.#rows.set(node, row);
      this.#byName.set(node.name, row);
    }
  }

  /** Puts a component of a cluster onto the nodes it reaches. Throws {@link MapTooLarge}. */
  put(cluster: ClusterId, component: Component, selection: Selection, reach: Reach): void {
    for (const node of reach.certain) this.#entry(this.#rows.get(node)!, cluster).certain |= bit(component);
    for (const node of reach.conditional)
      this.#entry(this.#rows.get(node)!, cluster).conditional |= bit(component);
    if (this.#known && this.#nodes.decide(selection))
      for (const node of reach.certain) this.#claim(node, '', cluster);
    else this.#claimByTerm(cluster, selection);
  }

  /** Marks a node, if it is on the map, that two clusters meet on, with the part that one of them has in it. */
  mark(name: string, cluster: ClusterId, component: Component): void {
    const row = this.#byName.get(name);
    if (row === undefined) return;
    row.overlap = true;
    this.#entry(row, cluster).conditional |= bit(component);
  }

  /** The nodes as they stand; `open` where a cluster may claim more of them than is known. */
  nodes(open: boolean): MapNode[] {
    return this.#nodes.all.map((node) => {
      const row = this.#rows.get(node)!;
      const claims = [...row.entries.values()].sort(this.#inOrder).map(
        ({ cluster, certain, conditional }): MapClaim => ({
          cluster,
          components: componentsOf(certain | conditional),
          conditional: componentsOf(conditional & ~certain),
        }),
      );
      const labels = this.#known && this.#nodes.labelled ? node.labels : undefined;
      return { name: node.name, labels, state: stateOf(node, row, open), claims };
    });
  }

  #entry({ entries }: Row, cluster: ClusterId): Entry {
    const key = clusterText(cluster);
    let entry = entries.get(key);
    if (entry === undefined) {
      this.#claims += 1;
      if (this.#claims > MAX_CLAIMS) throw new MapTooLarge();
      entry = { cluster, certain: 0, conditional: 0 };
      entries.set(key, entry);
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

function stateOf(node: KnownNode, { entries, overlap }: Row, open: boolean): NodeState {
  if (overlap) return 'overlap';
  if (entries.size > 0) return 'claimed';
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
