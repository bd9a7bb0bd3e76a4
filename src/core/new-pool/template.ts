/** The objects of the management cluster that a new pool copies its settings from. */
import { atLeast, type IomeshVersion } from '../base/iomesh-version.ts';
import { type ClusterId, clusterText, objectsOf, zookeeperName } from '../iomesh/cluster.ts';
import { allConnections, connectionValue, managementConnection } from '../iomesh/connection.ts';
import { isCommunityEdition } from '../iomesh/pod-limit.ts';
import { isObject, own } from '../base/json.ts';
import { absentManagement } from '../iomesh/management.ts';
import { displayName, type Resource } from '../base/model.ts';
import {
  classesOfCluster,
  classesOfConnection,
  DEFAULT_CLASS,
  isIomeshClass,
} from '../iomesh/storage-class.ts';
import { isBlankText, quoted } from '../base/text.ts';
import type { World } from '../world.ts';
import type { Refusal } from './request.ts';

export interface PoolTemplate {
  readonly id: ClusterId;
  readonly cluster: Resource;
  readonly zookeeper: Resource;
  /** Undefined if no StorageClass serves the management cluster: the pool then has the defaults only. */
  readonly storageClass: Resource | undefined;
  readonly namespace: Resource | undefined;
  /** Undefined if the IOMesh version has no connection ConfigMaps. */
  readonly clusterId: string | undefined;
  /** True for the Community edition, which allows at most three chunk pods. */
  readonly community: boolean;
  readonly version: IomeshVersion;
}

/** The template for a pool, or the reasons why there is none. */
export function poolTemplate(world: World): PoolTemplate | readonly Refusal[] {
  const id = world.config.managementCluster;
  const { cluster, zookeeper } = objectsOf(world, id);
  if (cluster === undefined) return [absent(world, id)];
  const refusals: Refusal[] = [];
  if (zookeeper === undefined)
    refusals.push({
      message: `ZookeeperCluster ${id.namespace}/${zookeeperName(id.name)} of the management cluster not found`,
      help: 'add it to the input; the pool copies its image and storage',
    });
  const version = world.iomeshVersion;
  const clusterId = atLeast(version, '1.1') ? undefined : sharedClusterId(world);
  if (typeof clusterId === 'object') refusals.push(clusterId);
  if (zookeeper === undefined || typeof clusterId === 'object') return refusals;
  const namespace = world.get('Namespace', undefined, id.namespace);
  const storageClass = classOf(world, id);
  const community = isCommunityEdition(world, cluster);
  return { id, cluster, zookeeper, storageClass, namespace, clusterId, community, version };
}

function absent(world: World, id: ClusterId): Refusal {
  const others = world.all('IOMeshCluster');
  const missing = absentManagement(world);
  // A single self-contained cluster is most likely the management cluster, under another name.
  const likely = missing === undefined ? others[0] : missing.likely;
  const message = `management cluster ${clusterText(id)} not found; a pool copies its images, devices and network`;
  const help =
    likely === undefined
      ? 'add its manifests with --from, or read them from the cluster with --context; if it has another name, set managementCluster in iomesh-guard.yaml'
      : `if it is ${displayName(likely.ref)}, set managementCluster: ${displayName(likely.ref)} in iomesh-guard.yaml`;
  return { message, help };
}

/**
 * The clusterId of the management cluster's connection ConfigMap; without one, the value that all others
 * have.
 */
function sharedClusterId(world: World): string | Refusal {
  const management = managementConnection(world);
  const connections = management === undefined ? allConnections(world) : [management];
  const ids = new Set(connections.map((each) => connectionValue(each, 'clusterId') ?? ''));
  const [only, other] = ids;
  if (only !== undefined && other === undefined && !isBlankText(only)) return only;
  const help =
    'add the connection ConfigMap of the management cluster to the input, or fix its clusterId; it must be the same in every connection ConfigMap';
  if (management !== undefined)
    return { message: `ConfigMap ${displayName(management.ref)} has no clusterId`, help };
  if (connections.length === 0) {
    const later =
      world.config.iomeshVersion === 'auto' ? '; IOMesh 1.1 and later has none: set iomeshVersion' : '';
    return {
      message: 'no connection ConfigMap found, so the clusterId is unknown',
      help: `${help}${later}`,
    };
  }
  const shown = [...ids].slice(0, 2).map(quoted).join(' and ');
  return {
    message: `the management cluster has no connection ConfigMap, and the others have different clusterIds: ${shown}`,
    help,
  };
}

/** The StorageClass that serves the management cluster; the one of the chart only if there is no other. */
function classOf(world: World, id: ClusterId): Resource | undefined {
  const connection = managementConnection(world);
  const ofChart = world.get('StorageClass', undefined, DEFAULT_CLASS);
  const serving = [
    ...classesOfCluster(world, id),
    ...(connection === undefined ? [] : classesOfConnection(world, connection.ref)),
    ...(ofChart === undefined || !isIomeshClass(ofChart, world.config) ? [] : [ofChart]),
  ].filter((each) => isObject(own(each.json, 'parameters')));
  const rank = (each: Resource) => Number(each.ref.name === DEFAULT_CLASS);
  return serving.sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1))[0];
}
