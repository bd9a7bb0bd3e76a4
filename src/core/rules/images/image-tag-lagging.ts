import { fieldOf } from '../../finding.ts';
import { followers } from '../../iomesh/cluster.ts';
import { at } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { displayName } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import { joined, quoted } from '../../base/text.ts';
import { type Mismatch, mismatches, parityEdits } from '../../iomesh/image-parity.ts';

export const imageTagLagging: Rule = {
  code: 'IOM403',
  name: 'image-tag-lagging',
  severity: { lint: 'none', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],
  checkChange({ before, after: management }, _before, world, report) {
    if (management === undefined || !world.isManagement(management.ref)) return;
    for (const follower of followers(world)) {
      for (const mismatch of mismatches(world, follower, management)) {
        const changed = mismatch.paths.filter((path) => differs(before, management, path));
        if (changed.length > 0) report(violationOf(follower, management, { ...mismatch, paths: changed }));
      }
    }
  },
  doc: {
    summary: 'The management cluster changed its images, and another cluster no longer matches it.',
    why: `The management cluster goes first in an upgrade, so the change is allowed. Until the other clusters have followed,
they run images that their operator was not made for. The warning names every cluster and every field that is now due.
In \`lint\` and \`audit\` the same state is IOM401.`,
    bad: `# kubectl apply: spec.meta.image.tag of iomesh-system/iomesh becomes v5.4.0-rc1-enterprise, while
kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
spec:
  meta:
    image: {repository: iomesh/zbs-metad, tag: v5.3.0-rc13-enterprise}`,
    good: `kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
spec:
  meta:
    image: {repository: iomesh/zbs-metad, tag: v5.4.0-rc1-enterprise}`,
    remedy:
      'When the management cluster runs the new images, give the other clusters the same tags, one cluster at a time.',
    basis: 'guide ("Upgrade": the management cluster first, then the others).',
  },
};

function differs(before: Resource | undefined, after: Resource, path: Path): boolean {
  return at(before?.json, path) !== at(after.json, path);
}

function violationOf(follower: Resource, management: Resource, mismatch: Mismatch): Violation {
  const { paths, own, wanted, identity } = mismatch;
  const fields = joined(paths.map(formatPath));
  const still = own === '' ? 'not set' : `still ${quoted(own)}`;
  const now = wanted === '' ? 'sets none' : `has ${quoted(wanted)}`;
  return {
    subject: follower,
    path: paths[0]!,
    message: `${displayName(follower.ref)}: ${fields} ${paths.length === 1 ? 'is' : 'are'} ${still}, the management cluster now ${now}`,
    help:
      wanted === ''
        ? `remove ${fields} from ${displayName(follower.ref)} once the management cluster has changed`
        : `set ${fields} of ${displayName(follower.ref)} to ${quoted(wanted)} once the management cluster runs it`,
    other: management,
    related: [fieldOf(management, paths[0]!), ...paths.slice(1).map((path) => fieldOf(follower, path))],
    identity,
    fix: {
      safety: 'unsafe',
      description: "take over the management cluster's value",
      edits: parityEdits(follower, mismatch),
    },
  };
}
