import { createdOrDeletedCluster } from '../../iomesh/affected.ts';
import type { Rule } from '../../rule.ts';
import { classesOfCluster } from '../../iomesh/storage-class.ts';
import { danglingReference } from '../../checks/dangling-reference.ts';

export const clusterDangling: Rule = {
  code: 'IOM504',
  name: 'cluster-dangling',
  severity: { lint: 'error', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    const violation = danglingReference(subject, world, 'iomeshCluster');
    if (violation !== undefined) report(violation);
  },
  *affected(change, _before, after) {
    const id = createdOrDeletedCluster(change);
    if (id !== undefined) yield* classesOfCluster(after, id);
  },
  deletionReportedBy: 'IOM602',
};
