import { type ClusterId, clusterOf, clusterText, objectsOf } from '../../iomesh/cluster.ts';
import { connectionsOf } from '../../iomesh/connection.ts';
import { fieldOf, objectAt, type Related } from '../../finding.ts';
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
import { deleteClasses, deleteCommand } from '../../iomesh/removal.ts';

const MAX_RELATED = 5;

/** IOM602: an object goes that another one names or lives from. */
export const deletedInUse: Rule = {
  code: 'IOM602',
  name: 'deleted-in-use',
  severity: { lint: 'none', admission: 'deny' },
  kinds: ['ConfigMap', 'IOMeshCluster', 'ZookeeperCluster'],
  checkChange({ before, after }, _was, world, report) {
    if (before === undefined || after !== undefined) return;
    const violation = inUse(world, before);
    if (violation !== undefined) report(violation);
  },
};

function inUse(world: World, gone: Resource): Violation | undefined {
  if (gone.kind === 'ConfigMap') {
    if (!referenceParameters(world.config.iomeshVersion).includes('clusterConnection')) return undefined;
    const users = living(classesOfConnection(world, gone.ref)).map((each) =>
      naming(each, 'clusterConnection'),
    );
    return heldByClasses(gone, users);
  }
  const id = clusterOf(gone.ref);
  if (id === undefined) return undefined;
  if (gone.kind === 'IOMeshCluster') return heldByClasses(gone, usersOf(world, id));
  return gone.kind === 'ZookeeperCluster' ? heldByCluster(world, gone, id) : undefined;
}

interface User {
  readonly resource: Resource;
  /** How it leads there. */
  readonly how: string;
  readonly related: Related;
}

function naming(resource: Resource, name: 'clusterConnection' | 'iomeshCluster'): User {
  return { resource, how: name, related: fieldOf(resource, ['parameters', name]) };
}

/** The classes that name a cluster, and those that only a ConfigMap leads there. */
function usersOf(world: World, id: ClusterId): readonly User[] {
  const users = living(classesOfCluster(world, id)).map((each) => naming(each, 'iomeshCluster'));
  if (!referenceParameters(world.config.iomeshVersion).includes('clusterConnection')) return users;
  for (const connection of connectionsOf(world, id)) {
    for (const each of living(classesOfConnection(world, connection.ref))) {
      if (users.some(({ resource }) => resource.key === each.key) || namesAnother(each, id)) continue;
      const how = `through ConfigMap ${displayName(connection.ref)}`;
      users.push({ ...naming(each, 'clusterConnection'), how });
    }
  }
  return users;
}

/** A class whose two parameters contradict each other is reported as such, and does not hold both clusters. */
function namesAnother(resource: Resource, id: ClusterId): boolean {
  const named = parseReference(parameter(resource, 'iomeshCluster') ?? '');
  return named !== undefined && clusterText(named) !== clusterText(id);
}

function living(resources: readonly Resource[]): Resource[] {
  return resources.filter((each) => !isBeingDeleted(each));
}

function heldByClasses(gone: Resource, users: readonly User[]): Violation | undefined {
  if (users.length === 0) return undefined;
  const sorted = [...users].sort((a, b) => (a.resource.key < b.resource.key ? -1 : 1));
  const names = sorted.map(({ resource, how }) => `${resource.ref.name} (${how})`);
  return {
    path: ['metadata', 'name'],
    message: `${describe(gone.ref)} is in use by StorageClass ${joined(names, 5)}`,
    help: `delete what uses it first: ${deleteClasses(sorted.map(({ resource }) => resource))} && ${deleteCommand(gone.ref)}`,
    related: sorted.slice(0, MAX_RELATED).map(({ related }) => related),
  };
}

function heldByCluster(world: World, gone: Resource, id: ClusterId): Violation | undefined {
  const { cluster } = objectsOf(world, id);
  if (cluster === undefined || isBeingDeleted(cluster)) return undefined;
  return {
    path: ['metadata', 'name'],
    message: `${describe(gone.ref)} is in use by ${describe(cluster.ref)}, which cannot run without it`,
    help: `delete the cluster first: ${deleteCommand(cluster.ref)} && ${deleteCommand(gone.ref)}`,
    related: [objectAt(cluster, `${displayName(cluster.ref)} is still there`)],
  };
}
