import { type ClusterId, type Component, clusterText } from './cluster-id.ts';
import { readField } from '../schema/read-field.ts';
import { at, isObject, own } from '../base/json.ts';
import type { ObjectRef, Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { type Placement, parsePlacement } from '../node-selector/index.ts';
import type { World } from '../world.ts';

export { type ClusterId, COMPONENTS, type Component, clusterText } from './cluster-id.ts';

const ZOOKEEPER_SUFFIX = '-zookeeper';

/** The name of the ZookeeperCluster that belongs to an IOMeshCluster, in the same namespace. */
export function zookeeperName(clusterName: string): string {
  return `${clusterName}${ZOOKEEPER_SUFFIX}`;
}

/**
 * The IOMesh cluster an IOMeshCluster or ZookeeperCluster belongs to. A ZookeeperCluster is linked by
 * name alone (`<cluster>-zookeeper`); one of another name serves something else: undefined.
 */
export function clusterOf(ref: ObjectRef): ClusterId | undefined {
  if (ref.namespace === undefined) return undefined;
  if (ref.kind === 'IOMeshCluster') return { namespace: ref.namespace, name: ref.name };
  if (ref.kind !== 'ZookeeperCluster' || !ref.name.endsWith(ZOOKEEPER_SUFFIX)) return undefined;
  const name = ref.name.slice(0, -ZOOKEEPER_SUFFIX.length);
  return name === '' ? undefined : { namespace: ref.namespace, name };
}

/**
 * True for every IOMeshCluster, and for a ZookeeperCluster that something ties to IOMesh beside the ending
 * of its name: its IOMeshCluster, a pool in the configuration, or an image of IOMesh's. The zookeeper
 * operator serves others too, and theirs may be called `kafka-zookeeper` with as much right.
 */
export function isOfIomesh(world: World, resource: Resource): boolean {
  const id = clusterOf(resource.ref);
  if (id === undefined) return resource.kind !== 'ZookeeperCluster';
  if (resource.kind === 'IOMeshCluster') return true;
  const repository = at(resource.json, ['spec', 'image', 'repository']);
  return (
    typeof repository !== 'string' ||
    repository.includes('iomesh') ||
    `${id.namespace}/${id.name}`.includes('iomesh') ||
    own(world.config.pools, clusterText(id)) !== undefined ||
    world.get('IOMeshCluster', id.namespace, id.name) !== undefined
  );
}

/** The IOMeshCluster and the ZookeeperCluster of one IOMesh cluster, as far as the world holds them. */
export function objectsOf(world: World, id: ClusterId): { cluster?: Resource; zookeeper?: Resource } {
  const cluster = world.get('IOMeshCluster', id.namespace, id.name);
  const zookeeper = world.get('ZookeeperCluster', id.namespace, zookeeperName(id.name));
  return { ...(cluster && { cluster }), ...(zookeeper && { zookeeper }) };
}

/** Every IOMeshCluster but the management cluster's. */
export function followers(world: World): readonly Resource[] {
  return world.all('IOMeshCluster').filter((each) => !world.isManagement(each.ref));
}

/**
 * How many IOMesh clusters a world holds. An IOMeshCluster makes one, and so does the ZookeeperCluster
 * of one that is yet to be applied.
 */
export function clusterCount(world: World): number {
  const { base, change } = world;
  if (base === undefined) return world.memoize(clusterCount, () => countClusters(world));
  const before = clusterCount(base);
  if (change?.after?.ref.name === '') return before + (isOfIomesh(world, change.after) ? 1 : 0);
  const changed = change?.before ?? change?.after;
  const id = changed === undefined ? undefined : clusterOf(changed.ref);
  if (id === undefined) return before;
  return before - Number(isThere(base, id)) + Number(isThere(world, id));
}

function isThere(world: World, id: ClusterId): boolean {
  const { cluster, zookeeper } = objectsOf(world, id);
  return cluster !== undefined || (zookeeper !== undefined && isOfIomesh(world, zookeeper));
}

function countClusters(world: World): number {
  const seen = new Set<string>();
  for (const kind of ['IOMeshCluster', 'ZookeeperCluster'] as const) {
    for (const resource of world.all(kind)) {
      const id = clusterOf(resource.ref);
      if (id !== undefined && isOfIomesh(world, resource)) seen.add(clusterText(id));
    }
  }
  return seen.size;
}

/** Where one component of a cluster may run. */
export interface ComponentPlacement {
  readonly component: Component;
  readonly resource: Resource;
  /** The pod policy's own path: `spec.chunk.podPolicy`, or `spec.pod` of a ZookeeperCluster. */
  readonly path: Path;
  /** The component's path, as a label shows it: `spec.chunk`. */
  readonly owner: Path;
  readonly placement: Placement;
}

/** The path of a component's pod policy in its object. */
export function podPolicyPath(component: Component): Path {
  return component === 'zookeeper' ? ['spec', 'pod'] : ['spec', component, 'podPolicy'];
}

/**
 * The placements an object brings: three of an IOMeshCluster, one of a ZookeeperCluster that belongs to
 * one. A component whose placement cannot be relied on (misplaced, wrong type) is left out, as is one
 * whose section is absent: both are reported where they stand.
 */
export function placementsOf(world: World, resource: Resource): readonly ComponentPlacement[] {
  if (!isOfIomesh(world, resource)) return [];
  const cached = CACHE.get(resource);
  if (cached !== undefined && cached.reading === world.schemaKey) return cached.placements;
  const names: readonly Component[] =
    resource.kind === 'ZookeeperCluster' ? ['zookeeper'] : ['chunk', 'meta', 'redirector'];
  const placements: ComponentPlacement[] = [];
  for (const component of names) {
    const path = podPolicyPath(component);
    const owner = component === 'zookeeper' ? ['spec'] : ['spec', component];
    if (!isObject(at(resource.json, owner))) continue;
    const isFaulty = (field: Path) => readField(world, resource, [...path, ...field]).state === 'invalid';
    if (isFaulty(['nodeSelector']) || isFaulty(['affinity', 'nodeAffinity'])) continue;
    placements.push({
      component,
      resource,
      path,
      owner,
      placement: parsePlacement(at(resource.json, path), path),
    });
  }
  CACHE.set(resource, { reading: world.schemaKey, placements });
  return placements;
}

const CACHE = new WeakMap<Resource, { reading: string; placements: readonly ComponentPlacement[] }>();
