import { fieldOf } from '../../finding.ts';
import { tagDifference } from '../../iomesh/images.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Violation, Rule } from '../../rule.ts';
import { joined, quoted } from '../../base/text.ts';
import { type Mismatch, mismatches, parityEdits } from '../../iomesh/image-parity.ts';

export const imageTagParity: Rule = {
  code: 'IOM401',
  name: 'image-tag-parity',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const { management } = world;
    if (management === undefined || world.isManagement(subject.ref)) return;
    for (const mismatch of mismatches(world, subject, management))
      report(violationOf(subject, management, mismatch));
  },
  // No `affected`: that followers lag behind a changed management cluster is what IOM403 says.
  doc: {
    summary:
      "A component's image tag differs from the same component's tag on the management cluster; in 1.2 also `spec.edition` and `spec.platform`.",
    why: `One operator and one CSI driver serve every IOMesh cluster, and both come with the management cluster.
A cluster whose images belong to another release or edition is driven by an operator that was not made for it.
Tags are compared component by component, never across the two groups of images (storage software and operator),
and never for order: \`v5.1.2-rc14\` is younger than \`v5.2.0-rc13\`. An absent tag where the management cluster has one counts as different.
Helm renders the edition into the management cluster's tags (\`v5.3.0-rc13-community\`), so a sample that says \`v5.3.0-rc13\` does not match it.
The image of the ZookeeperCluster is not compared: it is not released together with the others.`,
    bad: `# management cluster: tag: v5.3.0-rc13-community
kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
spec:
  meta:
    image: {repository: iomesh/zbs-metad, tag: v5.3.0-rc13}`,
    good: `kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
spec:
  meta:
    image: {repository: iomesh/zbs-metad, tag: v5.3.0-rc13-community}`,
    remedy:
      "Take over the management cluster's tags. For an upgrade, upgrade the management cluster first, then the others, one after another.",
    basis:
      'guide ("Upgrade": tags equal the management cluster\'s, component by component, which goes first). That `spec.edition` and `spec.platform` take the place of the tag suffix in 1.2 is vendor; that they must match as the suffix must is inferred.',
  },
};

function violationOf(subject: Resource, management: Resource, mismatch: Mismatch): Violation {
  const { what, components, paths, own, wanted, identity } = mismatch;
  const of = what === 'tag' ? `image tag of ${joined(components)}` : `spec.${what}`;
  const here = own === '' ? 'is not set' : `is ${quoted(own)}`;
  const there = `the management cluster ${displayName(management.ref)}`;
  const parts = what === 'tag' && own !== '' && wanted !== '' ? tagDifference(own, wanted) : [];
  const difference =
    parts.length === 0 ? '' : ` (${joined(parts)} ${parts.length === 1 ? 'differs' : 'differ'})`;
  return {
    path: paths[0]!,
    message:
      wanted === ''
        ? `${of} ${here}, but ${there} sets none`
        : `${of} ${here}, but ${quoted(wanted)} on ${there}${difference}`,
    help: helpOf(mismatch),
    other: management,
    related: [fieldOf(management, paths[0]!), ...paths.slice(1).map((path) => fieldOf(subject, path))],
    identity,
    evidence: paths.map((path) => `${path.join('.')}=${own}`),
    fix: {
      safety: 'unsafe',
      description:
        wanted === ''
          ? 'remove it, as on the management cluster'
          : `take over the management cluster's ${quoted(wanted)}`,
      edits: parityEdits(subject, mismatch),
    },
  };
}

function helpOf({ paths, own, wanted }: Mismatch): string {
  const it = paths.length === 1 ? 'it' : 'them';
  if (own === '') return `set ${it} to ${quoted(wanted)}`;
  if (wanted === '')
    return `remove ${it}; to use ${quoted(own)} here, set it on the management cluster first`;
  return `set ${it} to ${quoted(wanted)}; to run ${quoted(own)} here, upgrade the management cluster first`;
}
