import { exactText, isArray, type Json, type JsonObject, own } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { quoted } from '../../base/text.ts';
import type { Path } from '../../base/path.ts';
import type { ReportViolation, Rule } from '../../rule.ts';
import {
  DEVICE_MAP,
  deviceMapOf,
  deviceRequirements,
  MOUNTS,
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
    const map = deviceMapOf(subject);
    if (map === undefined) return;
    reportIncludedTwice(subject, world, report);
    const mounts = MOUNTS.flatMap((mount) => mountOf(world, subject, map, mount) ?? []);
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
        evidence: [exactText([first.selector, second.selector])],
      });
    }
  },
};

/** Reports a block device that two mount types list. */
function reportIncludedTwice(subject: Resource, world: World, report: ReportViolation): void {
  const seen = new Map<string, Path>();
  for (const { type, include: path } of MOUNTS) {
    const { value } = readField(world, subject, path);
    if (!isArray(value)) continue;
    for (const [index, name] of value.slice(0, MAX_INCLUDED).entries()) {
      if (typeof name !== 'string') continue;
      const before = seen.get(name);
      const place = [...path, index];
      seen.set(name, before ?? place);
      if (before === undefined || before[DEVICE_MAP.length] === type) continue;
      report({
        path: place,
        message: `mount types ${quoted(String(before[DEVICE_MAP.length]))} and ${quoted(type)} of ${displayName(subject.ref)} include the same block device ${quoted(name)}`,
        help: `remove ${quoted(name)} from one of the two lists`,
        related: [{ resource: subject, path: before, message: 'listed here too' }],
        identity: `${subject.key}|include|${name}`,
        evidence: [name],
      });
    }
  }
}

/** Entries of one list that are compared. */
const MAX_INCLUDED = 200;

interface Mount {
  readonly type: string;
  readonly path: Path;
  readonly selector: Json;
  readonly selects: readonly Requirement[];
}

/** A mount type whose disks only its selector decides: which disks `exclude` means is not visible. */
function mountOf(
  world: World,
  subject: Resource,
  map: JsonObject,
  { type, selector: path }: (typeof MOUNTS)[number],
): Mount | undefined {
  const entry = own(map, type);
  if (entry === undefined) return undefined;
  const exclude = own(entry, 'exclude');
  if (isArray(exclude) && exclude.length > 0) return undefined;
  const { state, value } = readField(world, subject, path);
  if (state !== 'present') return undefined;
  const selects = deviceRequirements(value, path);
  return selects === undefined ? undefined : { type, path, selector: value, selects };
}
