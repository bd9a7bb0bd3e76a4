import { atLeast } from '../../base/iomesh-version.ts';
import { type ClusterId, clusterOf, clusterText } from '../../iomesh/cluster.ts';
import {
  addressedCluster,
  connectionsOf,
  isConnection,
  metaAddrOf,
  NO_CONNECTION_SINCE_1_1,
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
  // Not at admission: the ConfigMap may be created after the cluster.
  severity: { lint: 'warning', admission: 'none' },
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    const id = clusterOf(subject.ref);
    if (id === undefined || id.name === '' || atLeast(world.iomeshVersion, '1.1')) return;
    // A management cluster without pools works without one.
    if (world.isManagement(subject.ref) && world.count('IOMeshCluster') === 1) return;
    if (connectionsOf(world, id).length > 0 || world.mayHoldUnread('ConfigMap')) return;
    if (hasStrayConnection(world, id) || isReportedOfClass(world, id)) return;
    const address = metaAddrOf(id, world.config.clusterDomain);
    report({
      path: ['metadata', 'name'],
      message: `IOMeshCluster ${displayName(subject.ref)} has no connection ConfigMap`,
      help: `create a ConfigMap with clusterId, iscsiPortal and metaAddr "${address}", and set it as clusterConnection of a StorageClass; ${NO_CONNECTION_SINCE_1_1}`,
      evidence: ['missing'],
    });
  },
};

/**
 * True if a connection ConfigMap in the cluster's namespace serves no cluster: its address is missing, invalid
 * or dangling, or another ConfigMap serves that cluster. It most likely belongs to this cluster and is reported.
 */
function hasStrayConnection(world: World, id: ClusterId): boolean {
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

/** True if a StorageClass of the cluster names a missing ConfigMap or that of another cluster: IOM503 or IOM505. */
function isReportedOfClass(world: World, id: ClusterId): boolean {
  return classesOfCluster(world, id).some((each) => {
    const reference = parseReference(parameter(each, 'clusterConnection') ?? '');
    if (reference === undefined) return false;
    const connection = world.get('ConfigMap', reference.namespace, reference.name);
    const target = connection && addressedCluster(connection);
    return target === undefined || clusterText(target) !== clusterText(id);
  });
}
