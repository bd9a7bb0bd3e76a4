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
