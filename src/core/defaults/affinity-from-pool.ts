import type { Default } from './default.ts';
import { fillAffinity } from './affinity.ts';

/** See {@link fillAffinity}. */
export const affinityFromPool: Default = {
  name: 'affinity-from-pool',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  summary: "A component that selects no nodes requires those of the cluster's pool in the configuration.",
  fill: (resource, world, operation) => fillAffinity(resource, world, operation, 'pool'),
};
