/** The clusters that the StorageClasses of a world serve. */
import { type ClusterId, clusterText } from './cluster.ts';
import { servingCluster } from './class-cluster.ts';
import { misspelling } from './class-parameters.ts';
import { addressedCluster } from './connection.ts';
import type { Resource } from '../base/model.ts';
import {
  CLASS_REFERENCES,
  isIomeshClass,
  parseReference,
  readReference,
  type ReferenceParameter,
} from './storage-class.ts';
import type { World } from '../world.ts';
import { misnamedClass } from './misnamed-class.ts';
import { clusterBehind, clusterNamed, guessReference, mustNameCluster } from './references.ts';

const SERVED = Symbol('clusters that classes serve');

/** The clusters that have a StorageClass. */
export interface ServedClusters {
  /** `namespace/name` of each cluster that a class serves, or would serve without its error. */
  readonly clusters: ReadonlySet<string>;
  /** True if it is unknown which cluster a class is for. */
  readonly unknown: boolean;
}

/** The clusters that the classes of a world serve. Computed once for each world. */
export function servedClusters(world: World): ServedClusters {
  return world.memoize(SERVED, () => {
    const clusters = new Set<string>();
    let unknown = world.mayHoldUnread('StorageClass');
    for (const resource of world.all('StorageClass')) {
      const { config } = world;
      if (!isIomeshClass(resource, config) && misnamedClass(resource, config) === undefined) continue;
      const reached = clustersOf(resource, world);
      for (const each of reached) clusters.add(each);
      if (reached.length === 0) unknown = true;
    }
    return { clusters, unknown };
  });
}

function clustersOf(resource: Resource, world: World): readonly string[] {
  const cluster = readReference(world, resource, 'iomeshCluster');
  const connection = readReference(world, resource, 'clusterConnection');
  const right = [
    cluster.state === 'present' && exists(world, cluster.id) ? cluster.text : undefined,
    connection.state === 'present' ? clusterBehind(world, connection.id) : undefined,
  ].filter((each) => each !== undefined);
  if (right.length > 0) return right;
  const meant = [meantBy(world, resource, 'iomeshCluster'), meantBy(world, resource, 'clusterConnection')];
  const guessed = meant.find((each) => each !== undefined);
  if (guessed !== undefined) return [guessed];
  if (cluster.state !== 'absent' || connection.state !== 'absent') return [];
  if (!mustNameCluster(world))
    return world.all('IOMeshCluster').map((each) => clusterText(each.ref as ClusterId));
  const misspelt = CLASS_REFERENCES.some((name) => misspelling(resource, name, world.iomeshVersion));
  if (misspelt) return [];
  const served = clusterNamed(world, resource.ref.name) ?? servingCluster(world, resource);
  return served === undefined ? [] : [clusterText(served)];
}

/** The cluster that a reference most likely means. */
function meantBy(world: World, resource: Resource, name: ReferenceParameter): string | undefined {
  const reference = readReference(world, resource, name);
  if (reference.state !== 'present' && reference.state !== 'malformed') return undefined;
  const guess = guessReference(world, name, reference.text);
  if (guess === undefined || name === 'iomeshCluster') return guess;
  const id = parseReference(guess);
  const found = id === undefined ? undefined : world.get('ConfigMap', id.namespace, id.name);
  const target = found === undefined ? undefined : addressedCluster(found);
  return target === undefined ? undefined : clusterText(target);
}

function exists(world: World, id: ClusterId): boolean {
  return world.get('IOMeshCluster', id.namespace, id.name) !== undefined;
}
