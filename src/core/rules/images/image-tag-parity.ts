import { relatedField } from '../../finding.ts';
import { tagDifference } from '../../iomesh/images.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { fieldList, type HelpText, withFields } from '../../base/help-text.ts';
import type { Violation, Rule } from '../../rule.ts';
import { joined, quoted, quotedInFull } from '../../base/text.ts';
import { type ImageMismatch, imageMismatches, parityEdits } from '../../iomesh/image-parity.ts';

export const imageTagParity: Rule = {
  code: 'IOM401',
  name: 'image-tag-parity',
  severity: { lint: 'error', admission: 'deny' },
  // The operator may choose the very tag that the other cluster sets.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const { management } = world;
    if (management === undefined || world.isManagement(subject.ref)) return;
    for (const mismatch of imageMismatches(world, subject, management))
      report(violationOf(subject, management, mismatch));
  },
  // No `affected`: IOM403 reports the followers of a management cluster that changes.
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

function helpOf({ paths, own, wanted }: ImageMismatch): HelpText {
  const fields = fieldList(paths);
  if (own === '') return withFields`set ${fields} to ${quotedInFull(wanted)}`;
  if (wanted === '')
    return withFields`remove ${fields}; to use ${quoted(own)} here, set it on the management cluster first`;
  return withFields`set ${fields} to ${quotedInFull(wanted)}; to use ${quoted(own)} here, upgrade the management cluster first`;
}
