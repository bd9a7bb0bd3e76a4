import { type ClusterId, clusterOf, clusterText } from '../../iomesh/cluster.ts';
import {
  addressedCluster,
  connectionsOf,
  isConnection,
  metaAddrOf,
  primaryConnection,
} from '../../iomesh/connection.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { classesOfCluster, parameter, parseReference } from '../../iomesh/storage-class.ts';
import type { World } from '../../world.ts';

/** IOM207: every cluster has a connection ConfigMap. */
export const connectionMissing: Rule = {
  code: 'IOM207',
  name: 'connection-missing',
  // Judged on files and on a live cluster: objects arrive in any order at the apiserver.
  severity: { lint: 'warning', admission: 'none' },
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    const id = clusterOf(subject.ref);
    if (id === undefined || id.name === '' || world.config.iomeshVersion === '1.2') return;
    // Alone, the management cluster is reached without one.
    if (world.isManagement(subject.ref) && world.count('IOMeshCluster') === 1) return;
    if (connectionsOf(world, id).length > 0 || world.mayHoldUnread('ConfigMap')) return;
    if (faultyBeside(world, id) || saidOfClass(world, id)) return;
    const address = metaAddrOf(id, world.config.clusterDomain);
    report({
      path: ['metadata', 'name'],
      message: `IOMeshCluster ${displayName(subject.ref)} has no connection ConfigMap`,
      help: `add a ConfigMap with clusterId, iscsiPortal and metaAddr "${address}", and name it in clusterConnection of a StorageClass`,
      evidence: ['missing'],
    });
  },
};

/**
 * True where a connection ConfigMap of the cluster's namespace has no cluster of its own: its address is missing,
 * malformed or dangling, or is that of a cluster another ConfigMap serves. It is most likely this cluster's.
 */
function faultyBeside(world: World, id: ClusterId): boolean {
  return world
    .inNamespace('ConfigMap', id.namespace)
    .some((each) => isConnection(world, each) && !serves(world, each));
}

function serves(world: World, connection: Resource): boolean {
  const target = addressedCluster(connection);
  if (target === undefined || world.get('IOMeshCluster', target.namespace, target.name) === undefined)
    return false;
  return primaryConnection(connectionsOf(world, target), target)?.key === connection.key;
}

/** True where a StorageClass of the cluster names a ConfigMap that is missing or another cluster's, and says so. */
function saidOfClass(world: World, id: ClusterId): boolean {
  return classesOfCluster(world, id).some((each) => {
    const reference = parseReference(parameter(each, 'clusterConnection') ?? '');
    if (reference === undefined) return false;
    const connection = world.get('ConfigMap', reference.namespace, reference.name);
    const target = connection && addressedCluster(connection);
    return target === undefined || clusterText(target) !== clusterText(id);
  });
}
