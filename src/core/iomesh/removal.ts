/** The commands that delete an IOMesh cluster, in an order in which no deleted object is still in use. */
import { type ClusterId, clusterText, objectsOf } from './cluster.ts';
import { connectionsOf, isConnection } from './connection.ts';
import type { ObjectRef, Resource } from '../base/model.ts';
import { clustersNamed } from './references.ts';
import { classesOfCluster, classesOfConnection } from './storage-class.ts';
import type { World } from '../world.ts';

/** Names that one command lists; of more, the rest is counted. */
const MAX_NAMES = 5;

/** The command that prints how to remove a cluster; by its name alone if no other cluster has that name. */
export function planRemoval(world: World, id: ClusterId): string {
  const isUnique = clustersNamed(world, id.name).every((each) => each.ref.namespace === id.namespace);
  return `iomesh-guard plan remove ${word(isUnique ? id.name : clusterText(id))}`;
}

/** `kubectl delete` of one object. */
export function deleteCommand({ kind, namespace, name }: ObjectRef): string {
  const where = namespace === undefined ? '' : ` -n ${word(namespace)}`;
  return `kubectl delete ${kind.toLowerCase()} ${word(name)}${where}`;
}

/** `kubectl delete` of several StorageClasses. */
export function deleteClasses(classes: readonly Resource[]): string {
  const names = classes.slice(0, MAX_NAMES).map(({ ref }) => word(ref.name));
  const more = classes.length - names.length;
  return `kubectl delete storageclass ${names.join(' ')}${more > 0 ? ` (and ${more} more)` : ''}`;
}

/** The classes that lead to a cluster: by naming it, or through a ConfigMap that addresses it. */
function classesLeadingTo(world: World, id: ClusterId): readonly Resource[] {
  const classes = new Map<string, Resource>();
  for (const each of classesOfCluster(world, id)) classes.set(each.key, each);
  for (const connection of connectionsOf(world, id))
    for (const each of classesOfConnection(world, connection.ref)) classes.set(each.key, each);
  return [...classes.values()];
}

/** The commands that delete a whole cluster: StorageClasses, ConfigMaps, IOMeshCluster, ZookeeperCluster. */
export function removalCommands(world: World, id: ClusterId): readonly string[] {
  const classes = classesLeadingTo(world, id);
  const connections = connectionsOf(world, id).filter((each) => isConnection(world, each));
  const { cluster, zookeeper } = objectsOf(world, id);
  return [
    ...(classes.length > 0 ? [deleteClasses(classes)] : []),
    ...connections.slice(0, MAX_NAMES).map(({ ref }) => deleteCommand(ref)),
    ...[cluster, zookeeper].flatMap((each) => (each === undefined ? [] : [deleteCommand(each.ref)])),
  ];
}

/** A name as one word of a shell command; anything but a valid name is quoted. */
function word(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]{0,316}$/.test(name)) return name;
  return `'${name.slice(0, 63).replaceAll("'", `'\\''`)}'`;
}
