import { type ClusterId, clusterText } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { PROVISIONER, referenceParameters } from '../../iomesh/storage-class.ts';
import { quoted } from '../../base/text.ts';
import { connectionFor } from '../../iomesh/references.ts';
import { servedClusters } from '../../iomesh/served-clusters.ts';

export const clusterWithoutClass: Rule = {
  code: 'IOM511',
  name: 'cluster-without-class',
  severity: { lint: 'warning', admission: 'none' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const text = clusterText(subject.ref as ClusterId);
    const { clusters, anyone } = servedClusters(world);
    if (anyone || clusters.has(text)) return;
    const lines = [`iomeshCluster: ${quoted(text)}`];
    if (referenceParameters(world.config.iomeshVersion).length > 1) {
      const connection = connectionFor(world, subject.ref as ClusterId) ?? '<namespace>/<its ConfigMap>';
      lines.unshift(`clusterConnection: ${quoted(connection)}`);
    }
    report({
      path: ['metadata', 'name'],
      message: `no StorageClass serves IOMesh cluster ${quoted(text)}, so nobody can get a volume of it`,
      help: `add a StorageClass of provisioner ${PROVISIONER} with the parameters ${lines.join(' and ')}`,
    });
  },
  doc: {
    summary:
      'An IOMeshCluster that no StorageClass leads to, by `iomeshCluster` or through its connection ConfigMap.',
    why: `A cluster without a class of its own runs and holds disks, but no PVC can reach it. Mostly a file was forgotten, or a copied class
still names the first cluster. A class that is wrong in itself and seems meant for the cluster counts: what is wrong with it is reported there.
With one cluster, a class without references serves it.`,
    bad: `kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
# and no StorageClass that names it`,
    good: `kind: StorageClass
metadata: {name: iomesh-cluster-1}
provisioner: com.iomesh.csi-driver
parameters:
  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap
  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1`,
    remedy: 'Create a StorageClass for the cluster; the help line gives the parameters.',
    basis: 'guide (each IOMesh cluster has a StorageClass of its own).',
  },
};
