import { claimsNodes, podPolicyPath, requiresNodeSelection } from '../iomesh/placement.ts';
import type { FixEdit } from '../base/edits.ts';
import { at } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { parentPath } from '../base/path.ts';
import { type Component, clusterOf, clusterText, objectsOf } from '../iomesh/cluster.ts';
import { type DefaultAffinity, defaultAffinity, requiredAffinityPath } from '../iomesh/default-affinity.ts';
import { parsePlacement } from '../node-selector/index.ts';
import { hasReadyPods } from '../iomesh/replicas.ts';
import { readField } from '../schema/read-field.ts';
import type { World } from '../world.ts';
import { type AwaitedField, type Default, fillField, isFillable, type WriteOperation } from './fill.ts';

/**
 * The required node affinity of an IOMeshCluster's or a ZookeeperCluster's components, by where it comes
 * from.
 */
export const affinityDefaults: readonly Default[] = [
  // That of another component of the same cluster.
  {
    name: 'affinity-from-sibling',
    fill: (...args) => fillAffinity('sibling', ...args),
    awaits: awaitedPlacement,
  },
  // The nodes of the cluster's pool in the configuration.
  { name: 'affinity-from-pool', fill: (...args) => fillAffinity('pool', ...args) },
  // The nodes whose pool label is the name of the namespace, if a known node has it.
  { name: 'affinity-from-pool-label', fill: (...args) => fillAffinity('label', ...args) },
];

/**
 * Fills the components that select no nodes, if their affinity comes from `source`. A component that has a
 * node selector, a required node affinity or a preferred one is placed as a person chose, rightly or not. A
 * component whose pods already run without a selection is left as it is: its pods cannot move. The redirector
 * is filled at 1.0 only.
 */
function fillAffinity(
  source: DefaultAffinity['source'],
  resource: Resource,
  world: World,
  operation: WriteOperation,
): readonly FixEdit[] {
  const id = clusterOf(resource.ref);
  if (id === undefined) return [];
  // The IOMeshCluster may have other nodes than the configuration or the labels say.
  if (operation === 'CREATE' && awaitedPlacement(resource, world).length > 0) return [];
  const running = operation === 'UPDATE' ? runningVersion(world, resource) : undefined;
  const free = componentsOf(resource).filter(
    (each) =>
      claimsNodes(world, each) &&
      isFree(world, resource, each) &&
      !(running !== undefined && isFree(world, running, each)),
  );
  if (free.length === 0) return [];
  const self = resource.kind === 'ZookeeperCluster' ? { zookeeper: resource } : { cluster: resource };
  const found = defaultAffinity(world, id, { ...objectsOf(world, id), ...self });
  if (found?.source !== source) return [];
  return free.flatMap((each) =>
    fillField(
      world,
      resource,
      requiredAffinityPath({ path: podPolicyPath(each) }),
      structuredClone(found.value),
    ),
  );
}

/**
 * The placement of a ZookeeperCluster whose IOMeshCluster does not exist yet: nothing would complete it later.
 * Not from 1.1 on, where no cluster has to be placed; not of the management cluster, which may run on any node
 * while it is alone; and not of a chart, which is installed as a whole.
 */
function awaitedPlacement(resource: Resource, world: World): readonly AwaitedField[] {
  const id = clusterOf(resource.ref);
  if (resource.kind !== 'ZookeeperCluster' || id === undefined || world.isManagement(id)) return [];
  if (!requiresNodeSelection(world) || !isFree(world, resource, 'zookeeper') || isOfHelm(resource)) return [];
  if (world.presence('IOMeshCluster', id.namespace, id.name) !== 'no') return [];
  return [
    {
      path: requiredAffinityPath({ path: podPolicyPath('zookeeper') }),
      source: `IOMeshCluster ${clusterText(id)}`,
    },
  ];
}

function isOfHelm({ json }: Resource): boolean {
  return at(json, ['metadata', 'annotations', 'meta.helm.sh/release-name']) !== undefined;
}

function componentsOf(resource: Resource): readonly Component[] {
  return resource.kind === 'ZookeeperCluster' ? ['zookeeper'] : ['chunk', 'meta', 'redirector'];
}

function isFree(world: World, resource: Resource, component: Component): boolean {
  const path = podPolicyPath(component);
  const owner = component === 'zookeeper' ? ['spec'] : parentPath(path);
  // An affinity that is set is not filled, so there is no need to parse it.
  const written = at(resource.json, requiredAffinityPath({ path })) ?? undefined;
  if (written !== undefined || !isFillable(world, resource, owner)) return false;
  if (readField(world, resource, [...path, 'nodeSelector']).state === 'invalid') return false;
  const placement = parsePlacement(at(resource.json, path), path);
  return placement.selection === undefined && !placement.preferredOnly;
}

/** The stored version of an object whose pods run according to its status. */
function runningVersion(world: World, resource: Resource): Resource | undefined {
  const stored = world.getByKey(resource.key);
  return stored !== undefined && hasReadyPods(stored) ? stored : undefined;
}
