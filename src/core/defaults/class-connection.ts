import type { Resource } from '../base/model.ts';
import { connectionFor } from '../iomesh/references.ts';
import { parseReference, readReference, referenceParameters } from '../iomesh/storage-class.ts';
import type { World } from '../world.ts';
import { fillParameter } from './class-parameters.ts';
import type { Default } from './default.ts';

const NAME = 'clusterConnection';

export const classConnection: Default = {
  name: 'class-connection',
  kinds: ['StorageClass'],
  summary: 'clusterConnection names the one ConfigMap that addresses the cluster of iomeshCluster.',
  fill: (resource, world, operation) =>
    fillParameter(resource, world, operation, NAME, () => addressing(resource, world)),
};

function addressing(resource: Resource, world: World): string | undefined {
  if (!referenceParameters(world.config.iomeshVersion).includes(NAME)) return undefined;
  const cluster = readReference(world, resource, 'iomeshCluster');
  const found = cluster.state === 'present' ? connectionFor(world, cluster.id) : undefined;
  return found !== undefined && parseReference(found) !== undefined ? found : undefined;
}
