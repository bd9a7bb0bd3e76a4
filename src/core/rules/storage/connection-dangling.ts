import { changedObject, changesPresence } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { classesOfConnection } from '../../iomesh/storage-class.ts';
import { danglingReference } from '../../checks/dangling-reference.ts';

export const connectionDangling: Rule = {
  code: 'IOM503',
  name: 'connection-dangling',
  severity: { lint: 'error', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    const violation = danglingReference(subject, world, 'clusterConnection');
    if (violation !== undefined) report(violation);
  },
  *affected(change, _before, after) {
    const changed = changedObject(change);
    if (changed !== undefined && changesPresence(change, 'ConfigMap'))
      yield* classesOfConnection(after, changed.ref);
  },
  deletionReportedBy: 'IOM602',
};
