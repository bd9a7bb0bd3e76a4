import { clusterOf } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { clusterNameError } from '../../iomesh/cluster-name.ts';

/** IOM704: a cluster name that cannot be the start of a Service name. */
export const clusterName: Rule = {
  code: 'IOM704',
  name: 'cluster-name',
  severity: { lint: 'error', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  check({ ref }, _world, report) {
    if (clusterOf(ref) === undefined || ref.name === '') return;
    const wrong = clusterNameError(ref.name);
    if (wrong !== undefined) report({ path: ['metadata', 'name'], ...wrong });
  },
};
