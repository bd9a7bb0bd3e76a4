import { type ClusterId, clusterText } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { referenceParameters } from '../../iomesh/storage-class.ts';
import { plural, quoted, quotedInFull } from '../../base/text.ts';
import { connectionFor } from '../../iomesh/references.ts';
import { servedClusters } from '../../iomesh/served-clusters.ts';

export const clusterWithoutClass: Rule = {
  code: 'IOM511',
  name: 'cluster-without-class',
  severity: { lint: 'warning', admission: 'none' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    // No class can name a cluster whose name is generated.
    if (subject.ref.name === '') return;
    const text = clusterText(subject.ref as ClusterId);
    const { clusters, unknown } = servedClusters(world);
    if (unknown || clusters.has(text)) return;
    const lines = [`iomeshCluster: ${quotedInFull(text)}`];
    if (referenceParameters(world.iomeshVersion).length > 1) {
      const connection = connectionFor(world, subject.ref as ClusterId) ?? '<namespace>/<its ConfigMap>';
      lines.unshift(`clusterConnection: ${quotedInFull(connection)}`);
    }
    report({
      path: ['metadata', 'name'],
      message: `no StorageClass uses IOMesh cluster ${quoted(text)}, so no PVC can get a volume from it`,
      help: `create a StorageClass with provisioner ${world.config.provisioner} and ${plural(lines.length, 'parameter')} ${lines.join(' and ')}`,
    });
  },
};
