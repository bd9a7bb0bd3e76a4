import type { ClusterId, Component } from '../iomesh/cluster.ts';

/**
 * `overlap`: two clusters can use it, as IOM101 says. `free`: for storage, and no cluster claims it.
 * `undecided`: no cluster is known to claim it, but one asks for labels that nobody knows. `control-plane`: not
 * meant for storage, and no cluster claims it.
 */
export type NodeState = 'claimed' | 'overlap' | 'free' | 'undecided' | 'control-plane';

/** What one cluster has on one node. */
export interface MapClaim {
  readonly cluster: ClusterId;
  /** In the order of `COMPONENTS`, never none. */
  readonly components: readonly Component[];
  /** Those of them that name the node, but also ask for labels of which nobody knows whether it carries them. */
  readonly conditional: readonly Component[];
}

export interface MapNode {
  readonly name: string;
  /** Undefined where only the name is known. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly state: NodeState;
  /** In the order of the map's clusters. */
  readonly claims: readonly MapClaim[];
}

/**
 * How a component is placed. `placed`: on the nodes that claim it. `undecided`: at least a part of its selector
 * asks for labels that nobody knows. `unmatched`: none of the known nodes is as it asks. `empty`: no node can ever be.
 * `anywhere`: it requires no node. `preferred`: it only prefers some. `unreadable`: what it asks could not be
 * read. `absent`: there is no such component.
 */
export type PlacementState =
  | 'placed'
  | 'undecided'
  | 'unmatched'
  | 'empty'
  | 'anywhere'
  | 'preferred'
  | 'unreadable'
  | 'absent';

export interface MapComponent {
  readonly component: Component;
  readonly state: PlacementState;
  /** On how many nodes of the map it may run, those that are conditional among them. */
  readonly nodes: number;
  /** What it asks of a node, in a line. Undefined where it asks nothing. */
  readonly selector: string | undefined;
  /** Nodes it lists that no known node is, as IOM107 says. */
  readonly unknownNodes: readonly string[];
}

export interface MapCluster {
  readonly id: ClusterId;
  readonly management: boolean;
  /** How many nodes of the map it claims. */
  readonly nodes: number;
  /** All of `COMPONENTS`, in that order. */
  readonly components: readonly MapComponent[];
}

/** Two clusters that nothing keeps apart: IOM101 where it is certain, else IOM103. */
export interface MapConflict {
  readonly clusters: readonly [ClusterId, ClusterId];
  readonly certain: boolean;
  /** The components of the first and of the second cluster that meet. */
  readonly components: readonly [readonly Component[], readonly Component[]];
  /** Names of the nodes they meet on, the first of them where there are many; none where no name is known. */
  readonly nodes: readonly string[];
  /** True where there are more nodes than named. */
  readonly more: boolean;
  /** A node that both could use, in words, where none is named. */
  readonly exampleNode: string | undefined;
}

/** Which node belongs to which cluster. */
export interface NodeMap {
  /**
   * What is known of nodes: `labels`: which there are, and their labels; `names`: which there are; `none`: the
   * map's nodes are those that selectors name.
   */
  readonly known: 'labels' | 'names' | 'none';
  /** By name, numbers in their order. */
  readonly nodes: readonly MapNode[];
  /** The management cluster first, then by namespace and name. */
  readonly clusters: readonly MapCluster[];
  readonly conflicts: readonly MapConflict[];
  /** Which cluster is meant to be the management cluster, here or not. */
  readonly managementCluster: ClusterId;
}
