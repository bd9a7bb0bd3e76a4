/** The IOMesh clusters of a world and the objects that they consist of. */
import { Derived } from '../base/derived.ts';
import { type ClusterId, clusterText, sameCluster } from './cluster-id.ts';
import { at, own } from '../base/json.ts';
import type { Change, ObjectRef, Resource } from '../base/model.ts';
import type { World } from '../world.ts';

export { type ClusterId, COMPONENTS, type Component, clusterText, sameCluster } from './cluster-id.ts';

/** The kinds whose objects belong to one IOMesh cluster each. */
export const CLUSTER_KINDS = ['IOMeshCluster', 'ZookeeperCluster'] as const;

/** The CustomResourceDefinitions of the kinds of a cluster. Deleting one deletes every object of its kind. */
export const CLUSTER_DEFINITIONS: ReadonlyMap<string, (typeof CLUSTER_KINDS)[number]> = new Map([
  ['iomeshclusters.iomesh.com', 'IOMeshCluster'],
  ['zookeeperclusters.zookeeper.pravega.io', 'ZookeeperCluster'],
]);

const ZOOKEEPER_SUFFIX = '-zookeeper';

/** The name of the ZookeeperCluster that belongs to an IOMeshCluster, in the same namespace. */
export function zookeeperName(clusterName: string): string {
  return `${clusterName}${ZOOKEEPER_SUFFIX}`;
}

/**
 * The IOMesh cluster that an IOMeshCluster or ZookeeperCluster belongs to. A ZookeeperCluster belongs to one
 * by its name (`<cluster>-zookeeper`); undefined for any other name.
 */
export function clusterOf(ref: ObjectRef): ClusterId | undefined {
  if (ref.namespace === undefined) return undefined;
  if (ref.kind === 'IOMeshCluster') return { namespace: ref.namespace, name: ref.name };
  if (ref.kind !== 'ZookeeperCluster' || !ref.name.endsWith(ZOOKEEPER_SUFFIX)) return undefined;
  const name = ref.name.slice(0, -ZOOKEEPER_SUFFIX.length);
  return name === '' ? undefined : { namespace: ref.namespace, name };
}

/**
 * True for every IOMeshCluster, and for a ZookeeperCluster that belongs to IOMesh by more than the end of its
 * name: by its IOMeshCluster, a pool of the configuration, its name or namespace, or the repository of its
 * image. The ZooKeeper operator serves other applications too, which may have a `kafka-zookeeper`, with an
 * image or without.
 */
export function isOfIomesh(world: World, resource: Resource): boolean {
  const id = clusterOf(resource.ref);
  if (id === undefined) return resource.kind !== 'ZookeeperCluster';
  if (resource.kind === 'IOMeshCluster') return true;
  // Thirty rules ask this of each ZookeeperCluster: 2 % of a `lint` of 20 000 documents.
  const known = world.memoize(isOfIomesh, newAnswers);
  let isOf = known.get(resource);
  if (isOf === undefined) {
    isOf = isNamedOfIomesh(world, resource, id);
    known.set(resource, isOf);
  }
  return isOf;
}

/** In serve, a world outlives the objects of its reviews. */
function newAnswers(): WeakMap<Resource, boolean> {
  return new WeakMap();
}

function isNamedOfIomesh(world: World, resource: Resource, id: ClusterId): boolean {
  const repository = at(resource.json, ['spec', 'image', 'repository']);
  return (
    (typeof repository === 'string' && repository.includes('iomesh')) ||
    `${id.namespace}/${id.name}`.includes('iomesh') ||
    own(world.config.pools, clusterText(id)) !== undefined ||
    world.get('IOMeshCluster', id.namespace, id.name) !== undefined
  );
}

/**
 * The ZookeeperCluster that becomes part of IOMesh because its IOMeshCluster is created: it was not checked
 * when it was created itself.
 */
export function claimedZookeeper({ before, after }: Change, was: World, is: World): Resource | undefined {
  const id = before === undefined && after?.kind === 'IOMeshCluster' ? clusterOf(after.ref) : undefined;
  const { zookeeper } = id === undefined ? {} : objectsOf(is, id);
  return zookeeper !== undefined && isOfIomesh(is, zookeeper) && !isOfIomesh(was, zookeeper)
    ? zookeeper
    : undefined;
}

/** The IOMeshCluster and the ZookeeperCluster of one IOMesh cluster, if the world has them. */
export function objectsOf(world: World, id: ClusterId): ClusterObjects {
  const last = LAST.get(world);
  if (last !== undefined && sameCluster(last.id, id)) return last.found;
  const found = {
    cluster: world.get('IOMeshCluster', id.namespace, id.name),
    zookeeper: world.get('ZookeeperCluster', id.namespace, zookeeperName(id.name)),
  };
  LAST.set(world, { id, found });
  return found;
}

interface ClusterObjects {
  readonly cluster?: Resource | undefined;
  readonly zookeeper?: Resource | undefined;
}

/** The rules ask for the objects of the changed cluster again and again. */
const LAST = new Derived<World, { readonly id: ClusterId; readonly found: ClusterObjects }>();

/** The same objects as a list. */
export function existingObjectsOf(world: World, id: ClusterId): readonly Resource[] {
  const { cluster, zookeeper } = objectsOf(world, id);
  return [cluster, zookeeper].filter((each) => each !== undefined);
}

/** The IOMeshCluster of every pool: of every cluster but the management cluster. */
export function poolClusters(world: World): readonly Resource[] {
  return world.all('IOMeshCluster').filter((each) => !world.isManagement(each.ref));
}

/** True if there are other clusters to stay apart from. */
export function hasSeveralClusters(world: World): boolean {
  return clusterCount(world) > 1;
}

/**
 * The number of IOMesh clusters in a world. A ZookeeperCluster counts as one if its IOMeshCluster does not
 * exist yet.
 */
export function clusterCount(world: World): number {
  return world.memoize(clusterCount, () => countAfterChange(world));
}

function countAfterChange(world: World): number {
  const { base, change } = world;
  if (base === undefined) return countClusters(world);
  const before = clusterCount(base);
  if (change?.after?.ref.name === '') return before + (isOfIomesh(world, change.after) ? 1 : 0);
  const changed = change?.before ?? change?.after;
  const id = changed === undefined ? undefined : clusterOf(changed.ref);
  if (id === undefined) return before;
  return before - Number(hasCluster(base, id)) + Number(hasCluster(world, id));
}

function hasCluster(world: World, id: ClusterId): boolean {
  const { cluster, zookeeper } = objectsOf(world, id);
  return cluster !== undefined || (zookeeper !== undefined && isOfIomesh(world, zookeeper));
}

function countClusters(world: World): number {
  const seen = new Set<string>();
  for (const kind of CLUSTER_KINDS) {
    for (const resource of world.all(kind)) {
      const id = clusterOf(resource.ref);
      if (id !== undefined && isOfIomesh(world, resource)) seen.add(clusterText(id));
    }
  }
  return seen.size;
}
