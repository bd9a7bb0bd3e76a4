import type { FixEdit } from '../base/edits.ts';
import { type Component, clusterOf, objectsOf, podPolicyPath } from '../iomesh/cluster.ts';
import { type DefaultAffinity, defaultAffinity, requiredAffinityPath } from '../iomesh/default-affinity.ts';
import { readField } from '../schema/read-field.ts';
import { at } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { parentPath } from '../base/path.ts';
import { parsePlacement } from '../node-selector/index.ts';
import type { World } from '../world.ts';
import { add } from './absent.ts';
import type { Operation } from './default.ts';
import { isOpen } from './section.ts';

/**
 * The required node affinity for each component of an object that selects no nodes, if it comes from
 * `source`. A component that has a node selector, a required node affinity or a preferred one is placed
 * as a person chose, be it rightly or not. So is one that runs unpinned already: its pods cannot move.
 */
export function fillAffinity(
  resource: Resource,
  world: World,
  operation: Operation,
  source: DefaultAffinity['source'],
): readonly FixEdit[] {
  const id = clusterOf(resource.ref);
  if (id === undefined) return [];
  const running = operation === 'UPDATE' ? runningVersion(world, resource) : undefined;
  const free = componentsOf(resource).filter(
    (each) => isFree(world, resource, each) && !(running !== undefined && isFree(world, running, each)),
  );
  if (free.length === 0) return [];
  const self = resource.kind === 'ZookeeperCluster' ? { zookeeper: resource } : { cluster: resource };
  const found = defaultAffinity(world, id, { ...objectsOf(world, id), ...self });
  if (found?.source !== source) return [];
  return free.flatMap((each) =>
    add(world, resource, requiredAffinityPath({ path: podPolicyPath(each) }), structuredClone(found.value)),
  );
}

function componentsOf(resource: Resource): readonly Component[] {
  return resource.kind === 'ZookeeperCluster' ? ['zookeeper'] : ['chunk', 'meta', 'redirector'];
}

function isFree(world: World, resource: Resource, component: Component): boolean {
  const path = podPolicyPath(component);
  const owner = component === 'zookeeper' ? ['spec'] : parentPath(path);
  // What is there is not filled, so there is no need to understand it.
  const written = at(resource.json, requiredAffinityPath({ path })) ?? undefined;
  if (written !== undefined || !isOpen(world, resource, owner)) return false;
  if (readField(world, resource, [...path, 'nodeSelector']).state === 'invalid') return false;
  const placement = parsePlacement(at(resource.json, path), path);
  return placement.selection === undefined && !placement.preferredOnly;
}

/** The stored version of an object whose pods run, as far as its status tells. */
function runningVersion(world: World, resource: Resource): Resource | undefined {
  const stored = world.getByKey(resource.key);
  const ready = at(stored?.json, ['status', 'readyReplicas']);
  return ready === undefined || ready === null || ready === 0 ? undefined : stored;
}
