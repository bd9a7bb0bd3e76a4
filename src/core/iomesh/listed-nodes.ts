import type { ComponentPlacement } from './placement.ts';
import { at, isArray } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { type KnownNodes, knownNodes } from './nodes.ts';
import type { Path } from '../base/path.ts';
import { HOSTNAME_LABEL, NAME_FIELD, type Requirement } from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** A node that a component lists by name. */
export interface ListedNode {
  readonly name: string;
  /** The key by which it is listed. */
  readonly key: typeof HOSTNAME_LABEL | typeof NAME_FIELD;
  readonly placement: ComponentPlacement;
  readonly requirement: Requirement;
}

/** Every node that a component requires by hostname or name, once for each place. */
export function* listedNodes(placement: ComponentPlacement): Iterable<ListedNode> {
  for (const term of placement.placement.selection?.terms ?? []) {
    for (const requirement of term.requirements) {
      if (requirement.operator !== 'In') continue;
      const key = nodeKey(requirement);
      if (key === undefined) continue;
      for (const name of new Set(requirement.values)) yield { name, key, placement, requirement };
    }
  }
}

/** The path of a value of a requirement: in its list, or in the node selector. */
export function valuePath(resource: Resource, requirement: Requirement, value: string): Path {
  const list: Path = [...requirement.path, 'values'];
  const values = at(resource.json, list);
  const index = isArray(values) ? values.indexOf(value) : -1;
  return index < 0 ? requirement.path : [...list, index];
}

/** True for a node that is not among the known ones; false if no nodes are known. */
export function isUnknownNode(world: World, { key, name }: ListedNode): boolean {
  const nodes = knownNodes(world);
  return nodes !== undefined && isUnknown(world, nodes, key, name);
}

function isUnknown(world: World, nodes: KnownNodes, key: ListedNode['key'], name: string): boolean {
  return !nodes.has(key, name) && world.presence('Node', undefined, name) === 'no';
}

/**
 * True for a component that lists an unknown node: IOM107 reports it, so follow-up findings are suppressed.
 */
export function listsUnknownNode(world: World, placement: ComponentPlacement): boolean {
  const nodes = knownNodes(world);
  if (nodes === undefined) return false;
  for (const { requirements } of placement.placement.selection?.terms ?? []) {
    for (const requirement of requirements) {
      const key = requirement.operator === 'In' ? nodeKey(requirement) : undefined;
      if (key === undefined) continue;
      if (requirement.values.some((name) => isUnknown(world, nodes, key, name))) return true;
    }
  }
  return false;
}

function nodeKey({ kind, key }: Requirement): ListedNode['key'] | undefined {
  if (kind === 'field') return key === NAME_FIELD ? NAME_FIELD : undefined;
  return key === HOSTNAME_LABEL ? HOSTNAME_LABEL : undefined;
}
