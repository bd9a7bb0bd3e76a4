import { poolClusters } from '../../iomesh/cluster.ts';
import { relatedField } from '../../finding.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import { fieldList, withFields } from '../../base/help-text.ts';
import { joined, quoted, quotedInFull } from '../../base/text.ts';
import { type ImageMismatch, imageMismatches, parityEdits } from '../../iomesh/image-parity.ts';

export const imageTagLagging: Rule = {
  code: 'IOM403',
  name: 'image-tag-lagging',
  severity: { lint: 'none', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],
  checkChange({ before, after: management }, was, world, report) {
    if (management === undefined || !world.isManagement(management.ref)) return;
    for (const follower of poolClusters(world)) {
      const earlier = new Set(
        before === undefined ? [] : imageMismatches(was, follower, before).flatMap(fieldKeys),
      );
      for (const mismatch of imageMismatches(world, follower, management)) {
        const changed = mismatch.paths.filter((path) => !earlier.has(fieldKey(mismatch, path)));
        if (changed.length > 0) report(violationOf(follower, management, { ...mismatch, paths: changed }));
      }
    }
  },
};

function fieldKeys(mismatch: ImageMismatch): readonly string[] {
  return mismatch.paths.map((path) => fieldKey(mismatch, path));
}

/** Names one differing field with both of its values. */
function fieldKey({ identity, own, wanted }: ImageMismatch, path: Path): string {
  return [identity, own, wanted, path.join('.')].join('|');
}

/** Without the name of the follower: at admission the findings of all followers with one text share a line. */
function violationOf(follower: Resource, management: Resource, mismatch: ImageMismatch): Violation {
  const { paths, own, wanted, identity } = mismatch;
  const fields = joined(paths.map(formatPath));
  const isStill = `${paths.length === 1 ? 'is' : 'are'} ${own === '' ? 'not set' : `still ${quoted(own)}`}`;
  const nowUses =
    wanted === '' ? `no longer sets ${paths.length === 1 ? 'it' : 'them'}` : `now uses ${quoted(wanted)}`;
  return {
    subject: follower,
    path: paths[0]!,
    message: `${fields} ${isStill}, but the management cluster ${nowUses}`,
    help:
      wanted === ''
        ? withFields`wait until the change of the management cluster is complete, then remove ${fieldList(paths)}`
        : withFields`wait until the change of the management cluster is complete, then set ${fieldList(paths)} to ${quotedInFull(wanted)}`,
    other: management,
    related: [
      relatedField(management, paths[0]!),
      ...paths.slice(1).map((path) => relatedField(follower, path)),
    ],
    identity,
    fix: {
      safety: 'unsafe',
      description: "use the management cluster's value",
      edits: parityEdits(follower, mismatch),
    },
  };
}
