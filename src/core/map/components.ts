import { type ComponentPlacement, placementsOf } from '../iomesh/placement.ts';
import type { Component } from '../iomesh/cluster.ts';
import { at, isObject } from '../base/json.ts';
import type { KnownNodes } from '../iomesh/nodes.ts';
import { isUnknownNode, listedNodes } from '../iomesh/listed-nodes.ts';
import { selectionText } from '../iomesh/selection-text.ts';
import { type Selection, satisfiable } from '../node-selector/index.ts';
import type { World } from '../world.ts';
import type { Member } from './clusters.ts';
import { type Reach, reachOf } from './reach.ts';
import type { MapComponent, PlacementState } from './types.ts';

/** Nodes that nobody knows which are told of one component. */
const MAX_UNKNOWN = 20;

/** A component on the map: what is told of it, and the nodes it reaches. */
export interface Placed {
  readonly told: Omit<MapComponent, 'nodes'>;
  /** Undefined where it claims none, because it asks for none or for what no node can have. */
  readonly claim: { readonly selection: Selection; readonly reach: Reach } | undefined;
}

/** Where one component of a cluster runs. */
export function placedComponent(
  world: World,
  member: Member,
  component: Component,
  nodes: KnownNodes,
): Placed {
  const resource = component === 'zookeeper' ? member.zookeeper : member.mesh;
  const owner = component === 'zookeeper' ? ['spec'] : ['spec', component];
  if (resource === undefined || !isObject(at(resource.json, owner))) return idle(component, 'absent');
  const found = placementsOf(world, resource).find((each) => each.component === component);
  if (found === undefined) return idle(component, 'unreadable');
  const { selection, preferredOnly } = found.placement;
  if (selection === undefined) return idle(component, preferredOnly ? 'preferred' : 'anywhere');
  const selector = selectionText(selection);
  if (!satisfiable(selection)) return idle(component, 'empty', selector);
  const reach = reachOf(nodes, selection);
  const state: PlacementState = reach.open
    ? 'undecided'
    : reach.certain.size + reach.conditional.size === 0
      ? 'unmatched'
      : 'placed';
  return {
    told: { component, state, selector, unknownNodes: unknownNodes(world, found) },
    claim: { selection, reach },
  };
}

function idle(component: Component, state: PlacementState, selector?: string): Placed {
  return { told: { component, state, selector, unknownNodes: [] }, claim: undefined };
}

function unknownNodes(world: World, placement: ComponentPlacement): readonly string[] {
  const names = new Set<string>();
  for (const listed of listedNodes(placement)) {
    if (isUnknownNode(world, listed)) names.add(listed.name);
    if (names.size === MAX_UNKNOWN) break;
  }
  return [...names];
}
