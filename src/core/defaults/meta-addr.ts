import { clusterText } from '../iomesh/cluster.ts';
import { metaAddrOf, onlyCluster } from '../iomesh/connection.ts';
import type { Resource } from '../base/model.ts';
import { classesOfConnection, parameter } from '../iomesh/storage-class.ts';
import type { World } from '../world.ts';
import { fillConnection } from './connection-keys.ts';
import type { Default } from './default.ts';

/** Not where a StorageClass says that the ConfigMap stands for another cluster. */
export const metaAddr: Default = {
  name: 'meta-addr',
  kinds: ['ConfigMap'],
  summary: 'A connection ConfigMap addresses the one IOMeshCluster of its namespace.',
  fill: (resource, world, operation) =>
    fillConnection(resource, world, operation, 'metaAddr', () => ofNamespace(resource, world)),
};

function ofNamespace({ ref }: Resource, world: World): string | undefined {
  const cluster = onlyCluster(world, ref.namespace ?? '');
  if (cluster === undefined || cluster.name === '') return undefined;
  const agreed = classesOfConnection(world, ref).every((each) => {
    const named = parameter(each, 'iomeshCluster');
    return named === undefined || named === clusterText(cluster);
  });
  return agreed ? metaAddrOf(cluster, world.config.clusterDomain) : undefined;
}
