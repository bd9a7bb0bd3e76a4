/**
 * The objects that must be checked again after a change of another object, for the frequent cases: a rule
 * uses them in its `affected`. They take the change and the worlds before and after it, as `affected` does.
 * An object may be given twice, and the changed object may be among them. They give lists, because most changes affect
 * nothing: a generator that gives nothing takes as long as the question.
 */
import { type ClusterId, clusterOf, existingObjectsOf, hasSeveralClusters } from './cluster.ts';
import { connectionsOf, isConnection } from './connection.ts';
import { type Change, changedObject, changesPresence, type Resource } from '../base/model.ts';
import { placedObjects } from './placement.ts';
import { mustNameCluster } from './references.ts';
import { isIomeshClass, parameter, parseReference } from './storage-class.ts';
import type { World } from '../world.ts';

/**
 * The cluster whose IOMeshCluster is created or deleted, or begins to be: references to it start or cease to lead
 * somewhere.
 */
export function createdOrDeletedCluster(change: Change): ClusterId | undefined {
  const changed = changedObject(change);
  return changed !== undefined && changesPresence(change, 'IOMeshCluster')
    ? clusterOf(changed.ref)
    : undefined;
}

/** The objects of the cluster that the changed object belongs to. */
export function objectsOfSameCluster(change: Change, before: World, after: World): readonly Resource[] {
  const ref = changedObject(change)?.ref;
  const id = ref === undefined ? undefined : clusterOf(ref);
  return id === undefined ? [] : [...existingObjectsOf(before, id), ...existingObjectsOf(after, id)];
}

/** If a Node changes: every object that places components on nodes. */
export function placedObjectsIfNodesChange(change: Change, before: World, after: World): readonly Resource[] {
  return changedObject(change)?.kind === 'Node' ? [...placedObjects(before), ...placedObjects(after)] : [];
}

/** If the second cluster is created or deleted: every object that places components on nodes. */
export function placedObjectsIfSeveralClusters(
  _change: Change,
  before: World,
  after: World,
): readonly Resource[] {
  if (hasSeveralClusters(before) === hasSeveralClusters(after)) return [];
  return placedObjects(hasSeveralClusters(after) ? after : before);
}

/**
 * If the second IOMeshCluster is created or deleted: every StorageClass of IOMesh, for now it must name its
 * cluster.
 */
export function classesIfSeveralClusters(_change: Change, before: World, after: World): readonly Resource[] {
  return mustNameCluster(before) === mustNameCluster(after)
    ? []
    : after.all('StorageClass').filter((each) => isIomeshClass(each, after.config));
}

/** If an IOMeshCluster is created or deleted: the connection ConfigMaps that address it. */
export function connectionsOfCreatedOrDeletedCluster(
  change: Change,
  _before: World,
  after: World,
): readonly Resource[] {
  const id = createdOrDeletedCluster(change);
  return id === undefined ? [] : connectionsOf(after, id);
}

/**
 * The ConfigMaps that become connection ConfigMaps, or cease to be, though they do not change themselves: a
 * StorageClass starts or ceases to name one.
 */
export function reclassifiedConfigMaps(change: Change, before: World, after: World): readonly Resource[] {
  const isReclassified = (each: Resource) => isConnection(before, each) !== isConnection(after, each);
  return changedObject(change)?.kind === 'StorageClass' ? named(change, after).filter(isReclassified) : [];
}

function named(change: Change, world: World): Resource[] {
  const found = new Map<string, Resource>();
  for (const each of [change.before, change.after]) {
    const reference = each && parseReference(parameter(each, 'clusterConnection') ?? '');
    const connection = reference && world.get('ConfigMap', reference.namespace, reference.name);
    if (connection !== undefined) found.set(connection.key, connection);
  }
  return [...found.values()];
}
