import { type ClusterId, clusterOf, clusterText } from './cluster.ts';
import { onlyCluster } from './connection.ts';
import type { Resource } from '../base/model.ts';
import { classesOfConnection, parameter, parseReference } from './storage-class.ts';
import { suggest } from '../base/suggest.ts';
import type { World } from '../world.ts';

/**
 * The existing cluster that an invalid metaAddr most likely means. By the address: its cluster, the only
 * cluster of that name, the only one in that namespace, the one with a similar name. Otherwise by the
 * ConfigMap: the cluster that its StorageClass names, or the only one in its namespace. Compares with every
 * cluster, so call it only for an invalid address.
 */
export function likelyCluster(
  world: World,
  connection: Resource,
  { name, namespace }: { readonly name: string | undefined; readonly namespace: string | undefined },
): ClusterId | undefined {
  const exact =
    name === undefined || namespace === undefined ? undefined : world.get('IOMeshCluster', namespace, name);
  return (
    (exact && clusterOf(exact.ref)) ??
    (name === undefined ? undefined : onlyNamed(world, name)) ??
    (namespace === undefined ? undefined : onlyCluster(world, namespace)) ??
    closest(world, name, namespace) ??
    classCluster(world, connection) ??
    onlyCluster(world, connection.ref.namespace ?? '')
  );
}

function onlyNamed(world: World, name: string): ClusterId | undefined {
  const named = world.all('IOMeshCluster').filter((each) => each.ref.name === name);
  return named.length === 1 ? clusterOf(named[0]!.ref) : undefined;
}

function closest(world: World, name?: string, namespace?: string): ClusterId | undefined {
  if (name === undefined || namespace === undefined) return undefined;
  const named = world.all('IOMeshCluster').filter((each) => each.ref.name !== '');
  const known = named.map((each) => `${each.ref.namespace}/${each.ref.name}`);
  const close = suggest(clusterText({ name, namespace }), known);
  return close === undefined ? undefined : parseReference(close);
}

function classCluster(world: World, connection: Resource): ClusterId | undefined {
  for (const each of classesOfConnection(world, connection.ref)) {
    const named = parseReference(parameter(each, 'iomeshCluster') ?? '');
    if (named !== undefined && world.get('IOMeshCluster', named.namespace, named.name) !== undefined)
      return named;
  }
  return undefined;
}
