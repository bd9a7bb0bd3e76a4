import { isConnection } from './connection.ts';
import type { Change, Resource } from '../base/model.ts';
import { parameter, parseReference } from './storage-class.ts';
import type { World } from '../world.ts';

/**
 * The ConfigMaps that another object's change turns into connection ConfigMaps or into foreign ones: a
 * StorageClass began or ceased to name one, a first IOMeshCluster came or a last one went beside one.
 */
export function becameConnection(change: Change, before: World, after: World): readonly Resource[] {
  const turned = (each: Resource) => isConnection(before, each) !== isConnection(after, each);
  const changed = change.after ?? change.before;
  if (changed?.kind === 'StorageClass') return named(change, after).filter(turned);
  if (changed?.kind !== 'IOMeshCluster' || (change.before && change.after)) return [];
  return after.inNamespace('ConfigMap', changed.ref.namespace ?? '').filter(turned);
}

function named(change: Change, world: World): Resource[] {
  const found = new Map<string, Resource>();
  for (const each of [change.before, change.after]) {
    const reference = each && parseReference(parameter(each, 'clusterConnection') ?? '');
    const connection = reference && world.get('ConfigMap', reference.namespace, reference.name);
    if (connection !== undefined) found.set(connection.key, connection);
  }
  return [...found.values()];
}
