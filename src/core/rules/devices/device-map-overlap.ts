import { isArray, type Json, own } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { quoted } from '../../base/text.ts';
import type { Rule } from '../../rule.ts';
import {
  DEVICE_MAP,
  deviceMapOf,
  deviceRequirements,
  MOUNT_TYPES,
  selectSameDisks,
} from '../../iomesh/device-map.ts';
import { readField } from '../../schema/read-field.ts';
import type { Requirement } from '../../node-selector/index.ts';
import type { World } from '../../world.ts';

/** IOM306: two mount types of a deviceMap select the same disks. */
export const deviceMapOverlap: Rule = {
  code: 'IOM306',
  name: 'device-map-overlap',
  severity: { lint: 'error', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const mounts = MOUNT_TYPES.flatMap((type) => mountOf(world, subject, type) ?? []);
    for (const [index, second] of mounts.entries()) {
      const first = mounts.slice(0, index).find((each) => selectSameDisks(each.selects, second.selects));
      if (first === undefined) continue;
      report({
        path: second.path,
        part: 'key',
        message: `mount types ${quoted(first.type)} and ${quoted(second.type)} of ${displayName(subject.ref)} select the same disks`,
        help: 'select different disks, for example by iomesh.com/bd-driverType: SSD and HDD, or exclude the disks of one mount type from the other',
        related: [
          { resource: subject, path: first.path, part: 'key', message: `selector of ${quoted(first.type)}` },
        ],
        identity: `${subject.key}|${first.type}|${second.type}`,
        evidence: [JSON.stringify([first.selector, second.selector])],
      });
    }
  },
};

interface Mount {
  readonly type: string;
  readonly path: readonly string[];
  readonly selector: Json;
  readonly selects: readonly Requirement[];
}

/** A mount type whose disks only its selector decides: which disks `exclude` means is not visible. */
function mountOf(world: World, subject: Resource, type: string): Mount | undefined {
  const entry = own(deviceMapOf(subject), type);
  const exclude = own(entry, 'exclude');
  if (isArray(exclude) && exclude.length > 0) return undefined;
  const path = [...DEVICE_MAP.map(String), type, 'selector'];
  const { state, value } = readField(world, subject, path);
  if (state !== 'present') return undefined;
  const selects = deviceRequirements(value, path);
  return selects === undefined ? undefined : { type, path, selector: value, selects };
}
