import type { Default } from './default.ts';
import { fillAffinity } from './affinity.ts';

/** See {@link fillAffinity}. */
export const affinityFromPoolLabel: Default = {
  name: 'affinity-from-pool-label',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  summary:
    'A component that selects no nodes requires those of the label `iomesh-guard.io/pool` with the name of the namespace, if a known node carries it.',
  fill: (resource, world, operation) => fillAffinity(resource, world, operation, 'label'),
};
