import { relatedField } from '../../finding.ts';
import { compareReleases, tagDifference } from '../../iomesh/images.ts';
import { isRuleOff } from '../../base/config.ts';
import { changedObject, displayName, type Resource } from '../../base/model.ts';
import { poolClusters } from '../../iomesh/cluster.ts';
import { fieldList, type HelpText, withFields } from '../../base/help-text.ts';
import type { Violation, Rule } from '../../rule.ts';
import { joined, quoted, quotedInFull } from '../../base/text.ts';
import {
  IMAGE_PARITY_RULE,
  type ImageMismatch,
  imageMismatches,
  isKnownImage,
  parityEdits,
} from '../../iomesh/image-parity.ts';
import { addException } from '../../base/waivers.ts';

export const imageTagParity: Rule = {
  ...IMAGE_PARITY_RULE,
  severity: { lint: 'error', admission: 'deny' },
  // The operator may choose the very tag that the other cluster sets. At admission: the pool is rolled back.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  waivedBy: 'administrator',
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const { management } = world;
    if (management === undefined || world.isManagement(subject.ref)) return;
    // In files, and in a report of the cluster, such a pool is still an error.
    const mayReturn = (mismatch: ImageMismatch) =>
      world.mode === 'admission' && isKnownImage(world, subject, mismatch);
    for (const mismatch of imageMismatches(world, subject, management))
      report(violationOf(subject, management, { ...mismatch, minor: mismatch.minor || mayReturn(mismatch) }));
  },
  *affected(change, before, after) {
    // IOM403 reports the followers of a management cluster that changes, unless it is off.
    const changed = changedObject(change);
    if (!isRuleOff(after.config, 'IOM403') || changed === undefined) return;
    if (before.isManagement(changed.ref) || after.isManagement(changed.ref)) yield* poolClusters(after);
  },
};

function violationOf(subject: Resource, management: Resource, mismatch: ImageMismatch): Violation {
  const { what, components, paths, own, wanted, identity } = mismatch;
  const of = what === 'tag' ? `the image tag of ${joined(components)}` : `spec.${what}`;
  const here = own === '' ? 'is not set' : `is ${quoted(own)}`;
  const there = `the management cluster ${displayName(management.ref)}`;
  const parts = what === 'tag' && own !== '' && wanted !== '' ? tagDifference(own, wanted) : [];
  const difference =
    parts.length === 0 ? '' : ` (${joined(parts)} ${parts.length === 1 ? 'differs' : 'differ'})`;
  return {
    path: paths[0]!,
    message:
      wanted === ''
        ? `${of} ${here}, but ${there} does not set it`
        : `${of} ${here}, but ${there} uses ${quoted(wanted)}${difference}`,
    help: helpOf(mismatch),
    other: management,
    related: [
      relatedField(management, paths[0]!),
      ...paths.slice(1).map((path) => relatedField(subject, path)),
    ],
    identity,
    evidence: paths.map((path) => `${path.join('.')}=${own}`),
    minor: mismatch.minor,
    fix: {
      safety: 'unsafe',
      description:
        wanted === ''
          ? 'remove it, as on the management cluster'
          : `use the management cluster's value ${quotedInFull(wanted)}`,
      edits: parityEdits(subject, mismatch),
    },
  };
}

function helpOf({ what, paths, own, wanted }: ImageMismatch): HelpText {
  const fields = fieldList(paths);
  if (own === '') return withFields`set ${fields} to ${quotedInFull(wanted)}`;
  if (wanted === '')
    return withFields`remove ${fields}; to use ${quoted(own)} here, set it on the management cluster first`;
  const set = withFields`set ${fields} to ${quotedInFull(wanted)}`;
  const parts = what === 'tag' ? tagDifference(own, wanted).filter((part) => part !== 'version') : [what];
  if (parts.length > 0)
    return withFields`${set}; to use ${quoted(own)} here, change the ${joined(parts)} of the management cluster first`;
  const waive = addException('IOM401');
  const order = compareReleases(own, wanted);
  if (order === undefined || order === 0)
    return withFields`${set}; to use ${quoted(own)} here, set it on the management cluster first, or ${waive}`;
  return order < 0
    ? withFields`${set} to upgrade; to stay at or roll back to ${quoted(own)} for a time, ${waive}`
    : withFields`${set}; to use ${quoted(own)} here, upgrade the management cluster first`;
}
