/** What a world tells of a management cluster that it does not hold. */
import { objectsOf } from './cluster.ts';
import { asString, at } from '../base/json.ts';
import { displayName, type Resource } from '../base/model.ts';
import { joined } from '../base/text.ts';
import type { World } from '../world.ts';

export interface AbsentManagement {
  /** Any one of the clusters that are there. */
  readonly follower: Resource;
  readonly count: number;
  /** The clusters by name, as a sentence lists them. */
  readonly names: string;
  /** The one cluster in whose namespace all others look for their block devices: most likely the management cluster, by another name. */
  readonly likely: Resource | undefined;
}

/**
 * The clusters that stand without the configured management cluster. Undefined where it is there, where
 * a document that could not be read may hold it, and where the only cluster of the world looks after itself: that
 * one is no follower, whatever it is called, unless the configured one's ZookeeperCluster shows that it is meant.
 */
export function absentManagement(world: World): AbsentManagement | undefined {
  const { namespace, name } = world.config.managementCluster;
  if (world.presence('IOMeshCluster', namespace, name) !== 'no') return undefined;
  return world.memoize(absentManagement, () => {
    const followers = world.all('IOMeshCluster');
    const [first, second] = followers;
    if (first === undefined) return undefined;
    const partly = objectsOf(world, { namespace, name }).zookeeper !== undefined;
    if (second === undefined && !partly && looksAfterItself(first)) return undefined;
    const names = followers.map(({ ref }) => displayName(ref)).sort();
    return {
      follower: first,
      count: followers.length,
      names: joined(names, 4),
      likely: likelyManagement(followers),
    };
  });
}

/**
 * True where the configuration names a management cluster that is not there, and what is there shows
 * another one: a cluster that looks after itself, alone or followed by all others. What would have to match the
 * configured one is then not to be held against anybody.
 */
export function managementGoesByAnotherName(world: World): boolean {
  const { namespace, name } = world.config.managementCluster;
  if (world.count('IOMeshCluster') === 0 || world.presence('IOMeshCluster', namespace, name) !== 'no')
    return false;
  const absent = absentManagement(world);
  return absent === undefined || absent.likely !== undefined;
}

function likelyManagement(clusters: readonly Resource[]): Resource | undefined {
  const themselves = clusters.filter(looksAfterItself);
  const [candidate] = themselves;
  if (candidate === undefined || themselves.length > 1 || clusters.length < 2) return undefined;
  const { namespace } = candidate.ref;
  const agree = clusters.every((each) => each === candidate || blockDeviceNamespace(each) === namespace);
  return agree ? candidate : undefined;
}

/** True for a cluster whose block devices are in its own namespace. */
function looksAfterItself(cluster: Resource): boolean {
  const namespace = blockDeviceNamespace(cluster);
  return namespace === undefined || namespace === cluster.ref.namespace;
}

function blockDeviceNamespace(cluster: Resource): string | undefined {
  return asString(at(cluster.json, ['spec', 'chunk', 'devicemanager', 'blockDeviceNamespace']));
}
