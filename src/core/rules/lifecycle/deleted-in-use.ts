import { type ClusterId, clusterOf, clusterText, objectsOf } from '../../iomesh/cluster.ts';
import { connectionsOf } from '../../iomesh/connection.ts';
import { relatedField, relatedObject, type RelatedPlace } from '../../finding.ts';
import { describe, displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import type { Violation, Rule } from '../../rule.ts';
import {
  classesOfCluster,
  classesOfConnection,
  parameter,
  parseReference,
  referenceParameters,
} from '../../iomesh/storage-class.ts';
import { joined } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { volumeLoss } from '../../iomesh/volume-loss.ts';

const MAX_RELATED = 5;

/** IOM602: an object without volumes is deleted while another object needs it. */
export const deletedInUse: Rule = {
  code: 'IOM602',
  name: 'deleted-in-use',
  severity: { lint: 'none', admission: 'warn' },
  kinds: ['ConfigMap', 'IOMeshCluster', 'ZookeeperCluster'],
  checkChange({ before, after }, was, world, report) {
    if (before === undefined || after !== undefined) return;
    // IOM606 reports it.
    if (volumeLoss(was, before) !== undefined) return;
    const violation = inUse(world, before);
    if (violation !== undefined) report(violation);
  },
};

function inUse(world: World, deleted: Resource): Violation | undefined {
  if (deleted.kind === 'ConfigMap') {
    if (!referenceParameters(world.iomeshVersion).includes('clusterConnection')) return undefined;
    const users = notBeingDeleted(classesOfConnection(world, deleted.ref)).map((each) =>
      userBy(each, 'clusterConnection'),
    );
    return usedByClasses(deleted, users);
  }
  const id = clusterOf(deleted.ref);
  if (id === undefined) return undefined;
  if (deleted.kind === 'IOMeshCluster') return usedByClasses(deleted, usersOf(world, id));
  return deleted.kind === 'ZookeeperCluster' ? usedByCluster(world, deleted, id) : undefined;
}

interface User {
  readonly resource: Resource;
  /** The parameter or ConfigMap by which it uses the object. */
  readonly how: string;
  readonly related: RelatedPlace;
}

function userBy(resource: Resource, name: 'clusterConnection' | 'iomeshCluster'): User {
  return { resource, how: name, related: relatedField(resource, ['parameters', name]) };
}

/** The classes that name a cluster, and those that name only its ConfigMap. */
function usersOf(world: World, id: ClusterId): readonly User[] {
  const users = notBeingDeleted(classesOfCluster(world, id)).map((each) => userBy(each, 'iomeshCluster'));
  if (!referenceParameters(world.iomeshVersion).includes('clusterConnection')) return users;
  for (const connection of connectionsOf(world, id)) {
    for (const each of notBeingDeleted(classesOfConnection(world, connection.ref))) {
      if (users.some(({ resource }) => resource.key === each.key) || namesAnother(each, id)) continue;
      const how = `through ConfigMap ${displayName(connection.ref)}`;
      users.push({ ...userBy(each, 'clusterConnection'), how });
    }
  }
  return users;
}

/** True if a class names another cluster. IOM505 reports that contradiction, so the class does not count as a user here. */
function namesAnother(resource: Resource, id: ClusterId): boolean {
  const named = parseReference(parameter(resource, 'iomeshCluster') ?? '');
  return named !== undefined && clusterText(named) !== clusterText(id);
}

function notBeingDeleted(resources: readonly Resource[]): Resource[] {
  return resources.filter((each) => !isBeingDeleted(each));
}

function usedByClasses(deleted: Resource, users: readonly User[]): Violation | undefined {
  if (users.length === 0) return undefined;
  const sorted = [...users].sort((a, b) => (a.resource.key < b.resource.key ? -1 : 1));
  const names = sorted.map(({ resource, how }) => `${resource.ref.name} (${how})`);
  return {
    path: ['metadata', 'name'],
    message: `${describe(deleted.ref)} is in use by StorageClass ${joined(names, 5)}`,
    help: 'PVCs that still name the class stay pending',
    related: sorted.slice(0, MAX_RELATED).map(({ related }) => related),
  };
}

function usedByCluster(world: World, deleted: Resource, id: ClusterId): Violation | undefined {
  const { cluster } = objectsOf(world, id);
  if (cluster === undefined || isBeingDeleted(cluster)) return undefined;
  return {
    path: ['metadata', 'name'],
    message: `${describe(deleted.ref)} is in use by ${describe(cluster.ref)}, which cannot run without it`,
    help: 'if the cluster is to stay, create the ZookeeperCluster again',
    related: [relatedObject(cluster, `${displayName(cluster.ref)} still exists`)],
  };
}
