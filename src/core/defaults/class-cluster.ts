import type { Resource } from '../base/model.ts';
import { clusterBehind } from '../iomesh/references.ts';
import { readReference } from '../iomesh/storage-class.ts';
import type { World } from '../world.ts';
import { fillParameter } from './class-parameters.ts';
import type { Default } from './default.ts';

/** Only a cluster that is there: a mistyped address would stand in the class for good. */
export const classCluster: Default = {
  name: 'class-cluster',
  kinds: ['StorageClass'],
  summary: 'iomeshCluster names the cluster that the ConfigMap of clusterConnection addresses.',
  fill: (resource, world, operation) =>
    fillParameter(resource, world, operation, 'iomeshCluster', () => addressed(resource, world)),
};

function addressed(resource: Resource, world: World): string | undefined {
  const connection = readReference(world, resource, 'clusterConnection');
  return connection.state === 'present' ? clusterBehind(world, connection.id) : undefined;
}
