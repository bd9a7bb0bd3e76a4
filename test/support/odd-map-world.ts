/** A world with unknown labels, unknown nodes, a component without a required node and a missing component. */
import type { World } from '../../src/core/world.ts';
import { clusterObjects, configured, on, worldOf } from './map-worlds.ts';

export function oddWorld(): World {
  const management = clusterObjects('iomesh-system', 'iomesh', on(['worker-1', 'worker-2', 'worker-10']));
  const poolA = clusterObjects('pool-a', 'pool-a', {
    chunk: on(['r1'], 'rack'),
    meta: {},
    redirector: on(['worker-2', 'woker-3']),
    zookeeper: null,
  });
  const poolB = clusterObjects('pool-b', 'storage', on(['r2'], 'rack'));
  return worldOf(
    [...management, ...poolA, ...poolB],
    configured(['worker-10', 'worker-2', 'worker-1', 'worker-3']),
  );
}
