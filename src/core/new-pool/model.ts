/** What a new pool takes over: the management cluster's own objects, as far as a world holds them. */
import { type ClusterId, clusterText, objectsOf, zookeeperName } from '../iomesh/cluster.ts';
import { allConnections, connectionValue, isBlank, managementConnection } from '../iomesh/connection.ts';
import { at, isObject, own } from '../base/json.ts';
import { absentManagement } from '../iomesh/management.ts';
import { displayName, type Resource } from '../base/model.ts';
import { classesOfCluster, classesOfConnection, DEFAULT_CLASS } from '../iomesh/storage-class.ts';
import { quoted } from '../base/text.ts';
import type { World } from '../world.ts';
import type { Refusal } from './request.ts';

export interface PoolModel {
  readonly id: ClusterId;
  readonly cluster: Resource;
  readonly zookeeper: Resource;
  /** Undefined where no StorageClass serves the management cluster: the defaults then stand alone. */
  readonly storageClass: Resource | undefined;
  readonly namespace: Resource | undefined;
  /** Undefined for an IOMesh version without connection ConfigMaps. */
  readonly clusterId: string | undefined;
}

/** The objects to take a pool after, or everything that is missing of them. */
export function poolModel(world: World): PoolModel | readonly Refusal[] {
  const id = world.config.managementCluster;
  const { cluster, zookeeper } = objectsOf(world, id);
  if (cluster === undefined) return [absent(world, id)];
  const refusals: Refusal[] = [];
  if (zookeeper === undefined)
    refusals.push({
      message: `the management cluster's ZookeeperCluster ${id.namespace}/${zookeeperName(id.name)} is not there`,
      help: 'the pool takes its image and storage from it: add it to the input',
    });
  const clusterId = world.config.iomeshVersion === '1.2' ? undefined : sharedClusterId(world);
  if (typeof clusterId === 'object') refusals.push(clusterId);
  if (zookeeper === undefined || typeof clusterId === 'object') return refusals;
  const namespace = world.get('Namespace', undefined, id.namespace);
  return { id, cluster, zookeeper, storageClass: classOf(world, id), namespace, clusterId };
}

function absent(world: World, id: ClusterId): Refusal {
  const others = world.all('IOMeshCluster');
  const standsIn = absentManagement(world);
  // A single cluster that looks after itself has no management cluster to miss.
  const likely = standsIn === undefined ? others[0] : standsIn.likely;
  const message = `the management cluster ${clusterText(id)} is not there, and a pool takes its images, devices and network from it`;
  const help =
    likely === undefined
      ? 'name its manifests with --from, or its cluster with --context; if it has another name, say so with managementCluster in iomesh-guard.yaml'
      : `if it is ${displayName(likely.ref)}, say so in iomesh-guard.yaml: managementCluster: ${displayName(likely.ref)}`;
  return { message, help };
}

/** The clusterId of the management cluster's connection; without one, that on which all others agree. */
function sharedClusterId(world: World): string | Refusal {
  const management = managementConnection(world);
  const connections = management === undefined ? allConnections(world) : [management];
  const ids = new Set(connections.map((each) => connectionValue(each, 'clusterId') ?? ''));
  const [only, other] = ids;
  if (only !== undefined && other === undefined && !isBlank(only)) return only;
  const help =
    'the clusterId must be the same in every connection of the Kubernetes cluster: add that ConfigMap to the input, or mend it';
  if (management !== undefined)
    return { message: `ConfigMap ${displayName(management.ref)} has no clusterId`, help };
  if (connections.length === 0)
    return { message: 'there is no connection ConfigMap, so nobody knows the clusterId', help };
  const said = [...ids].slice(0, 2).map(quoted).join(' and ');
  return {
    message: `the management cluster has no connection ConfigMap, and the others disagree on the clusterId: ${said}`,
    help,
  };
}

/** The class that serves the management cluster; not the chart's own, where there is another. */
function classOf(world: World, id: ClusterId): Resource | undefined {
  const connection = managementConnection(world);
  const serving = [
    ...classesOfCluster(world, id),
    ...(connection === undefined ? [] : classesOfConnection(world, connection.ref)),
  ].filter((each) => isObject(own(each.json, 'parameters')));
  const rank = (each: Resource) => Number(each.ref.name === DEFAULT_CLASS);
  return serving.sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1))[0];
}

/** True where the management cluster is of the Community edition, which carries three chunk pods at most. */
export function isCommunity({ cluster }: PoolModel): boolean {
  const tag = at(cluster.json, ['spec', 'chunk', 'image', 'tag']);
  const edition = at(cluster.json, ['spec', 'edition']);
  return edition === 'community' || (typeof tag === 'string' && /-community(?:-|$)/.test(tag));
}
