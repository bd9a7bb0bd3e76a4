import type { ClusterId, Component } from '../iomesh/cluster.ts';
import type { Resource } from '../base/model.ts';

/** One cluster of a world, with its objects. */
export interface ClusterMember {
  readonly id: ClusterId;
  readonly cluster: Resource | undefined;
  readonly zookeeper: Resource | undefined;
}

/**
 * `overlap`: two clusters can use the node, as IOM101 reports. `claimed`: one cluster does. For a node that
 * none is known to claim: `control-plane` if it is not meant for storage, `undecided` if a cluster may claim
 * it by labels that are not known, otherwise `free`.
 */
export type NodeState = 'claimed' | 'overlap' | 'free' | 'undecided' | 'control-plane';

/** The claim of one cluster to one node. */
export interface MapClaim {
  readonly cluster: ClusterId;
  /** In the order of `COMPONENTS`, never empty. */
  readonly components: readonly Component[];
  /** The components that name the node, but also require labels that it lacks or that are not known of it. */
  readonly conditional: readonly Component[];
}

export interface MapNode {
  readonly name: string;
  /** Undefined if only the name is known. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly state: NodeState;
  /** In the order of the map's clusters. */
  readonly claims: readonly MapClaim[];
}

/**
 * How a component is placed. `placed`: on the nodes that it claims. `undecided`: a part of its selector
 * requires labels that are not known. `unmatched`: no known node satisfies it. `empty`: no node can satisfy
 * it. `anywhere`: it requires no node. `preferred`: it only prefers some. `shared`: it claims no node, because
 * it may run next to that of another cluster: the redirector from 1.1 on. `unreadable`: its placement could
 * not be read. `absent`: the component does not exist.
 */
export type PlacementState =
  | 'placed'
  | 'undecided'
  | 'unmatched'
  | 'empty'
  | 'anywhere'
  | 'preferred'
  | 'shared'
  | 'unreadable'
  | 'absent';

export interface MapComponent {
  readonly component: Component;
  readonly state: PlacementState;
  /** The number of nodes of the map that it may run on, conditional ones included. */
  readonly nodes: number;
  /** Its node selection in one line; undefined if it requires none. */
  readonly selector: string | undefined;
  /** Nodes that it lists and that are not among the known ones, as IOM107 reports. */
  readonly unknownNodes: readonly string[];
}

export interface MapCluster {
  readonly id: ClusterId;
  readonly management: boolean;
  /** The number of nodes of the map that it claims. */
  readonly nodes: number;
  /** All of `COMPONENTS`, in that order. */
  readonly components: readonly MapComponent[];
}

/** Two clusters whose selectors overlap: IOM101 if it is certain, otherwise IOM103. */
export interface MapConflict {
  readonly clusters: readonly [ClusterId, ClusterId];
  readonly certain: boolean;
  /** The components of the first and of the second cluster that overlap. */
  readonly components: readonly [readonly Component[], readonly Component[]];
  /** The names of shared nodes, up to a limit; empty if no name is known. */
  readonly nodes: readonly string[];
  /** True if there are more shared nodes than named. */
  readonly more: boolean;
  /** The text of a node that both could use, if none is named. */
  readonly exampleNode: string | undefined;
}

/** Which node belongs to which cluster. */
export interface NodeMap {
  /**
   * What is known of the nodes. `labels`: which exist, and their labels. `names`: which exist. `none`:
   * nothing, the map's nodes are those that selectors name.
   */
  readonly known: 'labels' | 'names' | 'none';
  /** By name, with numbers in numeric order. */
  readonly nodes: readonly MapNode[];
  /** The management cluster first, then by namespace and name. */
  readonly clusters: readonly MapCluster[];
  readonly conflicts: readonly MapConflict[];
  /** The configured management cluster, whether it exists or not. */
  readonly managementCluster: ClusterId;
}
