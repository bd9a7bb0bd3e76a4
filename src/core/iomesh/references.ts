/** The references of StorageClasses: what they lead to, and what an invalid one most likely means. */
import { atLeast } from '../base/iomesh-version.ts';
import { type ClusterId, clusterText } from './cluster.ts';
import { addressedCluster, connectionsOf, isConnection } from './connection.ts';
import type { Kind, Resource } from '../base/model.ts';
import {
  isChartClass,
  isIomeshClass,
  parseReference,
  readReference,
  type ReferenceParameter,
  referenceParameters,
} from './storage-class.ts';
import { suggest } from '../base/suggest.ts';
import type { ObjectIndex } from '../base/objects.ts';
import type { World } from '../world.ts';

/** The kind of object that each reference names. */
export const REFERENCE_KINDS = { clusterConnection: 'ConfigMap', iomeshCluster: 'IOMeshCluster' } as const;

function byName(kind: Kind): ObjectIndex {
  return { kind, keys: (resource) => [resource.ref.name] };
}
const BY_NAME = { ConfigMap: byName('ConfigMap'), IOMeshCluster: byName('IOMeshCluster') } as const;

/**
 * The object that a reference most likely means: the one that it names except for letter case, blanks,
 * slashes and order; else the one with the most similar name; else the only one of that name, or in that
 * namespace.
 */
export function guessReference(world: World, name: ReferenceParameter, text: string): string | undefined {
  if (text.length > 1024) return undefined;
  const kind = REFERENCE_KINDS[name];
  const fits = (resource: Resource) =>
    resource.ref.name !== '' && (kind === 'IOMeshCluster' || isConnection(world, resource));
  const parts = text.toLowerCase().replace(/\s+/g, '').split('/').filter(Boolean);
  const [namespace, last] = parts.length > 1 ? parts.slice(-2) : [undefined, parts[0]];
  if (last === undefined) return undefined;
  const named = world.find(BY_NAME[kind], last).filter(fits);
  if (namespace === undefined) {
    if (named.length > 0) return only(named);
    const names = new Set(
      world
        .all(kind)
        .filter(fits)
        .map((each) => each.ref.name),
    );
    const meant = suggest(last, names);
    return meant === undefined ? undefined : only(world.find(BY_NAME[kind], meant).filter(fits));
  }
  for (const [ns, own] of [
    [namespace, last],
    [last, namespace],
  ] as const) {
    const found = world.get(kind, ns, own);
    if (found !== undefined && fits(found)) return textOf(found);
  }
  const near = suggest(`${namespace}/${last}`, world.all(kind).filter(fits).map(textOf));
  return near ?? only(named) ?? only(world.inNamespace(kind, namespace).filter(fits));
}

/** The IOMeshClusters with a name, of any namespace. */
export function clustersNamed(world: World, name: string): readonly Resource[] {
  return world.find(BY_NAME.IOMeshCluster, name);
}

/** The IOMeshCluster with a name, if it is the only one. */
export function clusterNamed(world: World, name: string): ClusterId | undefined {
  const text = only(clustersNamed(world, name));
  return text === undefined ? undefined : parseReference(text);
}

/** The connection ConfigMap of a cluster, if there is exactly one. */
export function connectionFor(world: World, id: ClusterId): string | undefined {
  return only(connectionsOf(world, id));
}

/** The cluster that a connection ConfigMap leads to, if both exist. */
export function clusterBehind(world: World, connection: ClusterId): string | undefined {
  const found = world.get('ConfigMap', connection.namespace, connection.name);
  const target = found === undefined ? undefined : addressedCluster(found);
  if (target === undefined || world.get('IOMeshCluster', target.namespace, target.name) === undefined)
    return undefined;
  return clusterText(target);
}

function textOf(resource: Resource): string {
  return `${resource.ref.namespace}/${resource.ref.name}`;
}

function only(resources: readonly Resource[]): string | undefined {
  return resources.length === 1 ? textOf(resources[0]!) : undefined;
}

/** The references that a class must set and does not. */
export function unboundReferences(subject: Resource, world: World): readonly ReferenceParameter[] {
  const { iomeshVersion } = world;
  if (!isIomeshClass(subject, world.config) || !mustNameCluster(world)) return [];
  if (atLeast(iomeshVersion, '1.1') && isChartClass(world, subject)) return [];
  return referenceParameters(iomeshVersion).filter(
    (name) => readReference(world, subject, name).state === 'absent',
  );
}

/** True if a class must name its cluster, because there are several. */
export function mustNameCluster(world: World): boolean {
  return world.count('IOMeshCluster') > 1;
}
