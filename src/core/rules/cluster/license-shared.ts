import { relatedField } from '../../finding.ts';
import { asString, at } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import type { ObjectIndex } from '../../base/objects.ts';
import { ownerOf } from '../../iomesh/owner.ts';

const SERIAL: Path = ['status', 'license', 'serial'];

const BY_SERIAL: ObjectIndex = {
  kind: 'IOMeshCluster',
  keys: (resource) => {
    const serial = serialOf(resource);
    return serial === undefined ? [] : [serial];
  },
};

/** IOM706: two clusters use the same licence. */
export const licenseShared: Rule = {
  code: 'IOM706',
  name: 'license-shared',
  severity: { lint: 'warning', admission: 'none' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const serial = serialOf(subject);
    if (serial === undefined) return;
    const owner = ownerOf(world, BY_SERIAL, serial);
    if (owner === undefined || owner.key === subject.key) return;
    report({
      path: SERIAL,
      message: `${displayName(subject.ref)} and ${displayName(owner.ref)} have the same licence serial ${quoted(serial)}`,
      help: `request a separate licence for ${displayName(subject.ref)}`,
      related: [relatedField(owner, SERIAL)],
      other: owner,
      symmetric: true,
      identity: subject.key,
    });
  },
};

function serialOf(resource: Resource): string | undefined {
  const serial = asString(at(resource.json, SERIAL))?.trim().toLowerCase();
  return serial === '' ? undefined : serial;
}
