import { changedObject, createsOrDeletes } from '../../base/model.ts';
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
    if (changed !== undefined && createsOrDeletes(change, 'ConfigMap'))
      yield* classesOfConnection(after, changed.ref);
  },
  deletionSaidBy: 'IOM602',
  doc: {
    summary: '`clusterConnection` names a ConfigMap that does not exist.',
    why: `The CSI driver reads cluster id, portal and meta address from that ConfigMap. Without it no volume of the class
is provisioned, and volumes that exist cannot be attached again. While objects are being applied the ConfigMap may still come,
so the webhook only warns. In 1.2 there are no connection ConfigMaps, and the parameter is not looked at.`,
    bad: `parameters:
  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmp
  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1`,
    good: `parameters:
  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap
  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1`,
    remedy:
      'Name the ConfigMap as it is called, with its namespace, or create it. One close name is proposed.',
    basis:
      'guide (the parameter names the connection ConfigMap); vendor (the driver reads ConfigMaps of any namespace).',
  },
};
