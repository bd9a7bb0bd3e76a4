import { absentManagement } from '../../iomesh/management.ts';
import { createsOrDeletes, displayName, type Kind } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';

/** What tells how many clusters there are. */
const COUNTED: readonly Kind[] = ['IOMeshCluster', 'ZookeeperCluster'];

/** IOM705: clusters that follow a management cluster which is not there. */
export const managementMissing: Rule = {
  code: 'IOM705',
  name: 'management-missing',
  severity: { lint: 'error', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  doc: {
    summary: 'There are IOMesh clusters that need the management cluster, and it is not among them.',
    why: `The management cluster carries the operator, the CSI driver and the device manager of all, and every other cluster is measured by
it: tags, clusterId, namespace of the block devices. Without it nothing comes up, and most of what the other clusters should match cannot be
checked. It is told once for all clusters. A cluster that is alone and keeps its block devices in its own namespace is taken for one
that looks after itself and is not reported, whatever it is called.`,
    bad: `# iomesh-guard.yaml
managementCluster: iomesh-system/iomesh
# while the clusters are storage/main and pool-b/slow`,
    good: `# iomesh-guard.yaml
managementCluster: storage/main`,
    remedy: `Apply the management cluster first, or lint its manifests together with the others (\`--values\` for its Helm values). If it
goes by another name, set \`managementCluster\` in iomesh-guard.yaml. While objects are being applied it may still come, so the webhook only warns.`,
    basis: 'guide: the first cluster, iomesh in iomesh-system by convention, serves all others.',
  },
  check(_subject, world, report) {
    const absent = absentManagement(world);
    if (absent === undefined) return;
    const { count, names, likely } = absent;
    const { namespace, name } = world.config.managementCluster;
    report({
      path: ['metadata', 'name'],
      message: `the management cluster ${quoted(`${namespace}/${name}`)} is not there, and ${names} ${count === 1 ? 'needs' : 'need'} it`,
      help:
        likely === undefined
          ? `apply the management cluster first, or set "managementCluster: <namespace>/<name>" in iomesh-guard.yaml`
          : `set "managementCluster: ${displayName(likely.ref)}" in iomesh-guard.yaml: the others look for their block devices in its namespace`,
      identity: 'management',
      evidence: ['absent'],
    });
  },
  *affected(change, before, after) {
    if (!COUNTED.some((kind) => createsOrDeletes(change, kind))) return;
    // One follower speaks for all.
    for (const world of [before, after]) {
      const absent = absentManagement(world);
      if (absent !== undefined) yield absent.follower;
    }
  },
  deletionSaidBy: 'IOM601',
};
