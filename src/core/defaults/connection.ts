import { isBlankText } from '../base/text.ts';
import type { FixEdit } from '../base/edits.ts';
import { at, isObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { suggest } from '../base/suggest.ts';
import { clusterText } from '../iomesh/cluster.ts';
import {
  CONNECTION_KEYS,
  type ConnectionKey,
  ISCSI_PORTAL,
  isConnection,
  MAX_CONNECTION_KEYS,
  managementConnection,
  metaAddrOf,
  onlyCluster,
} from '../iomesh/connection.ts';
import { classesOfConnection, parameter } from '../iomesh/storage-class.ts';
import { readField, readString } from '../schema/read-field.ts';
import type { World } from '../world.ts';
import { type Default, fillField, type WriteOperation } from './fill.ts';

/** The defaults of a connection ConfigMap. */
export const connectionDefaults: readonly Default[] = [
  connectionDefault('iscsi-portal', 'iscsiPortal', () => ISCSI_PORTAL),
  connectionDefault('cluster-id', 'clusterId', managementClusterId, ({ ref }, { config }) =>
    ref.namespace === config.managementCluster.namespace
      ? undefined
      : `clusterId in the connection ConfigMap of IOMeshCluster ${clusterText(config.managementCluster)}`,
  ),
  connectionDefault('meta-addr', 'metaAddr', addressOfOnlyCluster, ({ ref }, world) =>
    world.inNamespace('IOMeshCluster', ref.namespace ?? '').length > 0 || world.mayHoldUnread('IOMeshCluster')
      ? undefined
      : `IOMeshCluster in namespace ${ref.namespace}`,
  ),
];

function connectionDefault(
  name: string,
  key: ConnectionKey,
  valueFor: (resource: Resource, world: World) => string | undefined,
  missingSource: (resource: Resource, world: World) => string | undefined = () => undefined,
): Default {
  return {
    name,
    awaits(resource, world) {
      if (!mayHaveKey(resource, world, 'CREATE', key)) return [];
      const path = ['data', key];
      if (readField(world, resource, path).state !== 'absent' || valueFor(resource, world) !== undefined)
        return [];
      const source = missingSource(resource, world);
      return source === undefined ? [] : [{ path, source }];
    },
    fill(resource, world, operation): readonly FixEdit[] {
      if (!mayHaveKey(resource, world, operation, key)) return [];
      const value = valueFor(resource, world);
      return value === undefined ? [] : fillField(world, resource, ['data', key], value);
    },
  };
}

/**
 * False if a mistyped key is meant to be this one or `binaryData` has it, and for an immutable ConfigMap that
 * is stored already: the apiserver would reject the change.
 */
function mayHaveKey(
  resource: Resource,
  world: World,
  operation: WriteOperation,
  key: ConnectionKey,
): boolean {
  if (!isConnection(world, resource)) return false;
  if (operation === 'UPDATE' && own(resource.json, 'immutable') === true) return false;
  if (at(resource.json, ['binaryData', key]) !== undefined) return false;
  const data = own(resource.json, 'data');
  const keys = isObject(data) ? Object.keys(data) : [];
  return keys.length <= MAX_CONNECTION_KEYS && !keys.some((each) => suggest(each, CONNECTION_KEYS) === key);
}

/** The clusterId of the management cluster's connection ConfigMap. */
function managementClusterId(resource: Resource, world: World): string | undefined {
  // The stored version of this ConfigMap is no source for itself.
  const before = world.getByKey(resource.key);
  const connection = managementConnection(before === undefined ? world : world.with({ before }));
  const id =
    connection === undefined ? undefined : readString(world, connection, ['data', 'clusterId']).value;
  return id === undefined || isBlankText(id) ? undefined : id;
}

/**
 * The address of the only IOMeshCluster of the namespace, unless a StorageClass uses the ConfigMap for
 * another cluster.
 */
function addressOfOnlyCluster({ ref }: Resource, world: World): string | undefined {
  const cluster = onlyCluster(world, ref.namespace ?? '');
  if (cluster === undefined || cluster.name === '') return undefined;
  const agreed = classesOfConnection(world, ref).every((each) => {
    const named = parameter(each, 'iomeshCluster');
    return named === undefined || named === clusterText(cluster);
  });
  return agreed ? metaAddrOf(cluster, world.config.clusterDomain) : undefined;
}
