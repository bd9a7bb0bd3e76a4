import type { Default } from './default.ts';
import { fillAffinity } from './affinity.ts';

/** See {@link fillAffinity}. */
export const affinityFromSibling: Default = {
  name: 'affinity-from-sibling',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  summary: 'A component that selects no nodes requires those of another component of the same cluster.',
  fill: (resource, world, operation) => fillAffinity(resource, world, operation, 'sibling'),
};
