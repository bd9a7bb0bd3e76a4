import { relatedField } from '../../finding.ts';
import { asString, at } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import type { ObjectIndex } from '../../base/objects.ts';
import type { World } from '../../world.ts';

const SERIAL: Path = ['status', 'license', 'serial'];

const BY_SERIAL: ObjectIndex = {
  kind: 'IOMeshCluster',
  keys: (resource) => {
    const serial = serialOf(resource);
    return serial === undefined ? [] : [serial];
  },
};

/** IOM706: one licence in use on two clusters. */
export const licenseShared: Rule = {
  code: 'IOM706',
  name: 'license-shared',
  severity: { lint: 'warning', admission: 'none' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const serial = serialOf(subject);
    if (serial === undefined) return;
    const holder = holderOf(world, serial);
    if (holder === subject) return;
    report({
      path: SERIAL,
      message: `${displayName(subject.ref)} and ${displayName(holder.ref)} show the same licence serial ${quoted(serial)}`,
      help: `apply for a licence of its own for ${displayName(subject.ref)}`,
      related: [relatedField(holder, SERIAL)],
      other: holder,
      symmetric: true,
      identity: subject.key,
    });
  },
};

const HOLDERS = Symbol('clusters that a licence serial is left to');

/** Of the clusters with one serial the one it is left to: the management cluster, else the first by name. */
function holderOf(world: World, serial: string): Resource {
  const known = world.memoize(HOLDERS, () => new Map<string, Resource>());
  let holder = known.get(serial);
  if (holder === undefined) {
    const first = (a: Resource, b: Resource) => {
      if (world.isManagement(a.ref) || world.isManagement(b.ref)) return world.isManagement(a.ref) ? a : b;
      return a.key < b.key ? a : b;
    };
    holder = world.find(BY_SERIAL, serial).reduce(first);
    known.set(serial, holder);
  }
  return holder;
}

function serialOf(resource: Resource): string | undefined {
  const serial = asString(at(resource.json, SERIAL))?.trim().toLowerCase();
  return serial === '' ? undefined : serial;
}
