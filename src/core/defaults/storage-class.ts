import { at } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { FSTYPE, misspelling, parameterNames } from '../iomesh/class-parameters.ts';
import { clusterText } from '../iomesh/cluster.ts';
import { addressedCluster, connectionsOf } from '../iomesh/connection.ts';
import { clusterBehind, connectionFor } from '../iomesh/references.ts';
import {
  isIomeshClass,
  parseReference,
  readReference,
  referenceParameters,
} from '../iomesh/storage-class.ts';
import { readField } from '../schema/read-field.ts';
import type { World } from '../world.ts';
import { type Default, fillField } from './fill.ts';

/**
 * The defaults of a StorageClass of the IOMesh CSI driver. Values without a source are those the driver
 * itself uses.
 */
export const storageClassDefaults: readonly Default[] = [
  parameterDefault('class-connection', 'clusterConnection', connectionOfCluster, missingConnection),
  parameterDefault('class-cluster', 'iomeshCluster', clusterOfConnection, missingCluster),
  parameterDefault('fstype', FSTYPE, () => 'ext4'),
  // Erasure coding makes it void.
  parameterDefault('replica-factor', 'replicaFactor', (resource) =>
    ['ec_k', 'ec_m'].some((each) => at(resource.json, ['parameters', each]) !== undefined) ? undefined : '2',
  ),
  parameterDefault('thin-provision', 'thinProvision', () => 'true'),
];

/** No class has more parameters. A mistyped one is not searched among so many. */
const MAX_NAMES = 250;

/**
 * A parameter is filled only at creation, because it is immutable afterwards, and not if a mistyped one is
 * meant to be it.
 */
function parameterDefault(
  name: string,
  key: string,
  valueFor: (resource: Resource, world: World) => string | undefined,
  missingSource: (resource: Resource, world: World) => string | undefined = () => undefined,
): Default {
  return {
    name,
    awaits(resource, world) {
      const path = ['parameters', key];
      if (!isIomeshClass(resource, world.config) || readField(world, resource, path).state !== 'absent')
        return [];
      if (misspelling(resource, key, world.iomeshVersion) !== undefined) return [];
      if (releaseDecides(resource, world)) {
        const optional = key === 'clusterConnection';
        return optional || valueFor(resource, world) !== undefined
          ? [{ path, source: 'IOMeshCluster that shows the release of IOMesh', optional }]
          : [];
      }
      const source = missingSource(resource, world);
      return source === undefined ? [] : [{ path, source }];
    },
    fill(resource, world, operation) {
      if (operation !== 'CREATE' || !isIomeshClass(resource, world.config)) return [];
      if (releaseDecides(resource, world)) return [];
      if (parameterNames(resource).length > MAX_NAMES) return [];
      if (misspelling(resource, key, world.iomeshVersion) !== undefined) return [];
      const value = valueFor(resource, world);
      return value === undefined ? [] : fillField(world, resource, ['parameters', key], value);
    },
  };
}

/**
 * True for a class with iomeshCluster only, while nothing shows the release of IOMesh: from 1.1 on it is
 * complete if it has all other parameters, and at 1.0 it lacks clusterConnection. If it leaves out others, it is
 * not filled before the release is known.
 */
function releaseDecides(resource: Resource, world: World): boolean {
  return (
    world.config.iomeshVersion === 'auto' &&
    world.evidence === undefined &&
    readReference(world, resource, 'iomeshCluster').state === 'present' &&
    readReference(world, resource, 'clusterConnection').state === 'absent'
  );
}

/** What is missing for {@link connectionOfCluster}. */
function missingConnection(resource: Resource, world: World): string | undefined {
  if (!referenceParameters(world.iomeshVersion).includes('clusterConnection')) return undefined;
  const cluster = readReference(world, resource, 'iomeshCluster');
  if (cluster.state !== 'present' || world.mayHoldUnread('ConfigMap')) return undefined;
  return connectionsOf(world, cluster.id).length > 0
    ? undefined
    : `connection ConfigMap of IOMeshCluster ${cluster.text}`;
}

/** What is missing for {@link clusterOfConnection}. */
function missingCluster(resource: Resource, world: World): string | undefined {
  const connection = readReference(world, resource, 'clusterConnection');
  if (connection.state !== 'present') return undefined;
  const { namespace, name } = connection.id;
  const presence = world.presence('ConfigMap', namespace, name);
  if (presence !== 'yes') return presence === 'no' ? `ConfigMap ${connection.text}` : undefined;
  const target = addressedCluster(world.get('ConfigMap', namespace, name)!);
  if (target === undefined) return `usable metaAddr in ConfigMap ${connection.text}`;
  const isMissing = world.presence('IOMeshCluster', target.namespace, target.name) === 'no';
  return isMissing ? `IOMeshCluster ${clusterText(target)}` : undefined;
}

/** The one ConfigMap that addresses the cluster of iomeshCluster. */
function connectionOfCluster(resource: Resource, world: World): string | undefined {
  if (!referenceParameters(world.iomeshVersion).includes('clusterConnection')) return undefined;
  const cluster = readReference(world, resource, 'iomeshCluster');
  const found = cluster.state === 'present' ? connectionFor(world, cluster.id) : undefined;
  return found !== undefined && parseReference(found) !== undefined ? found : undefined;
}

/**
 * The cluster that the ConfigMap of clusterConnection addresses, if it exists: a class keeps a mistyped
 * address for good.
 */
function clusterOfConnection(resource: Resource, world: World): string | undefined {
  const connection = readReference(world, resource, 'clusterConnection');
  return connection.state === 'present' ? clusterBehind(world, connection.id) : undefined;
}
