/** What is known about a management cluster that is missing in a world. */
import { objectsOf } from './cluster.ts';
import { asString, at } from '../base/json.ts';
import { displayName, type Resource } from '../base/model.ts';
import { isLeaving } from './leaving.ts';
import { joined } from '../base/text.ts';
import type { World } from '../world.ts';

/** The pools of a world without its management cluster. */
export interface AbsentManagement {
  /** The first of the pools. */
  readonly follower: Resource;
  readonly count: number;
  /** The names of the pools, as a sentence lists them. */
  readonly names: string;
  /**
   * The cluster in whose namespace all others have their block devices: most likely the management cluster,
   * under another name.
   */
  readonly likely: Resource | undefined;
}

/**
 * The pools without the configured management cluster. Undefined if the management cluster exists or may be
 * in a document that could not be read. Also undefined if the only cluster of the world has its block devices
 * in its own namespace, as it is then the management cluster under another name, unless the ZookeeperCluster
 * of the configured one exists.
 */
export function absentManagement(world: World): AbsentManagement | undefined {
  const { namespace, name } = world.config.managementCluster;
  if (world.presence('IOMeshCluster', namespace, name) !== 'no') return undefined;
  return world.memoize(absentManagement, () => {
    const pools = world.all('IOMeshCluster');
    const [first, second] = pools;
    if (first === undefined) return undefined;
    const partly = objectsOf(world, { namespace, name }).zookeeper !== undefined;
    if (second === undefined && !partly && hasOwnDevices(first)) return undefined;
    const names = pools.map(({ ref }) => displayName(ref)).sort();
    return {
      follower: first,
      count: pools.length,
      names: joined(names, 4),
      likely: likelyManagement(pools),
    };
  });
}

/** The cluster that is or takes the place of the management cluster, while it is being deleted. */
export function leavingManagement(world: World): Resource | undefined {
  const cluster = world.management ?? absentManagement(world)?.likely;
  return cluster !== undefined && isLeaving(world, cluster) ? cluster : undefined;
}

/**
 * True if the configured management cluster is missing, and another cluster takes its place: one with block
 * devices in its own namespace, alone or used by all others. In that case, rules that compare with the
 * management cluster are skipped.
 */
export function managementGoesByAnotherName(world: World): boolean {
  const { namespace, name } = world.config.managementCluster;
  if (world.count('IOMeshCluster') === 0 || world.presence('IOMeshCluster', namespace, name) !== 'no')
    return false;
  const absent = absentManagement(world);
  return absent === undefined || absent.likely !== undefined;
}

/** Why a cluster counts as the management cluster; undefined if it does not. */
export function managementRole(world: World, cluster: Resource): string | undefined {
  if (world.isManagement(cluster.ref)) return 'the management cluster';
  if (absentManagement(world)?.likely?.key !== cluster.key) return undefined;
  return `most likely the management cluster (${displayName(world.config.managementCluster)} of the configuration does not exist)`;
}

function likelyManagement(clusters: readonly Resource[]): Resource | undefined {
  const candidates = clusters.filter(hasOwnDevices);
  const [candidate] = candidates;
  if (candidate === undefined || candidates.length > 1 || clusters.length < 2) return undefined;
  const { namespace } = candidate.ref;
  const agree = clusters.every((each) => each === candidate || blockDeviceNamespace(each) === namespace);
  return agree ? candidate : undefined;
}

/** True for a cluster whose block devices are in its own namespace. */
function hasOwnDevices(cluster: Resource): boolean {
  const namespace = blockDeviceNamespace(cluster);
  return namespace === undefined || namespace === cluster.ref.namespace;
}

function blockDeviceNamespace(cluster: Resource): string | undefined {
  return asString(at(cluster.json, ['spec', 'chunk', 'devicemanager', 'blockDeviceNamespace']));
}
