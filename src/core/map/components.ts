/** Where one component of a cluster runs, and the nodes that its selection reaches. */
import type { Component } from '../iomesh/cluster.ts';
import { at, isObject } from '../base/json.ts';
import { asksForName, type KnownNodes } from '../iomesh/nodes.ts';
import { isUnknownNode, listedNodes } from '../iomesh/listed-nodes.ts';
import { claimsNodes, type ComponentPlacement, placementsOf } from '../iomesh/placement.ts';
import { selectionText } from '../iomesh/selection-text.ts';
import { hostnames, type KnownNode, type Selection, satisfiable, type Term } from '../node-selector/index.ts';
import type { World } from '../world.ts';
import type { ClusterMember, MapComponent, PlacementState } from './types.ts';

/** Unknown nodes that are listed for one component. */
const MAX_UNKNOWN = 20;

/** The nodes of a map that a selection reaches. */
export interface Reach {
  /** Nodes that satisfy it. */
  readonly certain: ReadonlySet<KnownNode>;
  /** Nodes that it names, but that also need labels of which it is unknown whether they have them. */
  readonly conditional: ReadonlySet<KnownNode>;
  /** True if it may reach other nodes too, by labels that are not known. */
  readonly open: boolean;
}

/** A component on the map, and its claim if it makes one. */
export interface PlacedComponent {
  readonly described: Omit<MapComponent, 'nodes'>;
  /** Undefined if the component requires no node, or if no node can satisfy it. */
  readonly claim: { readonly selection: Selection; readonly reach: Reach } | undefined;
}

/** Describes one component of a cluster. */
export function mapComponent(
  world: World,
  member: ClusterMember,
  component: Component,
  nodes: KnownNodes,
): PlacedComponent {
  const resource = component === 'zookeeper' ? member.zookeeper : member.cluster;
  const owner = component === 'zookeeper' ? ['spec'] : ['spec', component];
  if (resource === undefined || !isObject(at(resource.json, owner))) return unplaced(component, 'absent');
  const found = placementsOf(world, resource).find((each) => each.component === component);
  if (found === undefined) return unplaced(component, 'unreadable');
  if (!claimsNodes(world, component)) return unplaced(component, 'shared');
  const { selection, preferredOnly } = found.placement;
  if (selection === undefined) return unplaced(component, preferredOnly ? 'preferred' : 'anywhere');
  const selector = selectionText(selection);
  if (!satisfiable(selection)) return unplaced(component, 'empty', selector);
  const reach = reachOf(nodes, selection);
  const isUnmatched = reach.certain.size + reach.conditional.size === 0;
  const state = reach.open ? 'undecided' : isUnmatched ? 'unmatched' : 'placed';
  return {
    described: { component, state, selector, unknownNodes: unknownNodes(world, found) },
    claim: { selection, reach },
  };
}

/** The names of the nodes that a selection lists; terms that list none are left out. */
export function* listedNames(selection: Selection): Iterable<string> {
  for (const term of selection.terms) yield* hostnames({ terms: [term] }) ?? [];
}

function unplaced(component: Component, state: PlacementState, selector?: string): PlacedComponent {
  return { described: { component, state, selector, unknownNodes: [] }, claim: undefined };
}

function unknownNodes(world: World, placement: ComponentPlacement): readonly string[] {
  const names = new Set<string>();
  for (const listed of listedNodes(placement)) {
    if (isUnknownNode(world, listed)) names.add(listed.name);
    if (names.size === MAX_UNKNOWN) break;
  }
  return [...names];
}

/**
 * Evaluates each term by itself, so that a term with unknown labels does not hide the nodes of another one.
 */
function reachOf(nodes: KnownNodes, selection: Selection): Reach {
  if (nodes.canDecide(selection))
    return { certain: new Set(nodes.matching(selection)), conditional: new Set(), open: false };
  const certain = new Set<KnownNode>();
  const conditional = new Set<KnownNode>();
  let open = false;
  for (const term of selection.terms) {
    const alone: Selection = { terms: [term] };
    if (!satisfiable(term)) continue;
    if (nodes.canDecide(alone)) {
      for (const node of nodes.matching(alone)) certain.add(node);
    } else if (hostnames(alone) === undefined) {
      open = true;
    } else {
      for (const node of nodes.matching({ terms: [namesOnly(term)] })) conditional.add(node);
    }
  }
  for (const node of certain) conditional.delete(node);
  return { certain, conditional, open };
}

/** The part of a term that can be decided without labels. */
function namesOnly({ requirements, path }: Term): Term {
  return { requirements: requirements.filter(asksForName), path };
}
