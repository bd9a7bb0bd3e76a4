import { readString } from '../../schema/read-field.ts';
import { type JsonObject, own } from '../../base/json.ts';
import type { Fix } from '../../finding.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { ReportViolation, Rule } from '../../rule.ts';
import { fieldName, withFields } from '../../base/help-text.ts';
import { suggest } from '../../base/suggest.ts';
import { either, joined, quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import {
  DEFAULT_DISK_MODE,
  DEVICE_MAP,
  deviceMapEntries,
  deviceMapOf,
  DISK_MODE,
  DISK_MODES,
  MOUNT_TYPES,
} from '../../iomesh/device-map.ts';

/** IOM302: the mount types of a deviceMap are known and fit its disk deployment mode. */
export const deviceMapMode: Rule = {
  code: 'IOM302',
  name: 'device-map-mode',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    const map = deviceMapOf(subject);
    if (map === undefined) return;
    const meant = reportUnknown(subject, map, report);
    const mode = readString(world, subject, DISK_MODE);
    if (mode.state !== 'invalid')
      reportMisfit(subject, map, mode.value ?? DEFAULT_DISK_MODE, meant, world, report);
  },
};

/** Reports unknown mount types and returns the mount types that were most likely meant. */
function reportUnknown(subject: Resource, map: JsonObject, report: ReportViolation): ReadonlySet<string> {
  const meant = new Set<string>();
  for (const [key] of deviceMapEntries(map)) {
    if ((MOUNT_TYPES as readonly string[]).includes(key)) continue;
    const right = suggest(key, MOUNT_TYPES);
    const free = right !== undefined && own(map, right) === undefined && !meant.has(right);
    if (right !== undefined) meant.add(right);
    const fix: Fix | undefined =
      right === undefined || !free
        ? undefined
        : {
            safety: 'unsafe',
            description: `rename ${quoted(key)} to "${right}"`,
            edits: [{ op: 'move', from: [...DEVICE_MAP, key], path: [...DEVICE_MAP, right] }],
          };
    report({
      path: [...DEVICE_MAP, key],
      part: 'key',
      message: `unknown mount type ${quoted(key)} in deviceMap of ${displayName(subject.ref)}`,
      help:
        fix?.description ?? (right === undefined ? `use ${either(MOUNT_TYPES)}` : `did you mean "${right}"?`),
      evidence: [key],
      fix,
    });
  }
  return meant;
}

/** Reports rejected and missing mount types as one finding: either the map or the mode is wrong. */
function reportMisfit(
  subject: Resource,
  map: JsonObject,
  mode: string,
  meant: ReadonlySet<string>,
  world: World,
  report: ReportViolation,
): void {
  const mounts = DISK_MODES.get(mode);
  if (mounts === undefined) return;
  const rejected = mounts.rejects.filter((type) => own(map, type) !== undefined);
  const lacking = mounts.needs.filter((type) => own(map, type) === undefined && !meant.has(type));
  if (rejected.length === 0 && lacking.length === 0) return;
  const [first] = rejected;
  const reasons = [
    ...(rejected.length > 0 ? [`does not accept ${joined(rejected)}`] : []),
    ...(lacking.length > 0
      ? [`needs ${joined(lacking)}, which ${lacking.length === 1 ? 'is' : 'are'} missing in deviceMap`]
      : []),
  ];
  const isSet = readString(world, subject, DISK_MODE).state === 'present';
  // The apiserver sets the default of the definition before it calls a webhook.
  const mayBeDefault = world.mode === 'admission' && mode === DEFAULT_DISK_MODE;
  const note = isSet
    ? mayBeDefault
      ? ' (which the apiserver sets if the field is missing)'
      : ''
    : ' (the default)';
  const others = [...DISK_MODES].filter(
    ([name, other]) => name !== mode && rejected.length > 0 && fits(map, meant, other.needs, other.rejects),
  );
  const use = `use ${joined(mounts.needs)} with "${mode}"`;
  report({
    path: first === undefined ? DEVICE_MAP : [...DEVICE_MAP, first],
    part: 'key',
    message: `diskDeploymentMode "${mode}" of ${displayName(subject.ref)}${note} ${reasons.join(' and ')}`,
    help:
      others.length === 0
        ? use
        : withFields`${use}, or set ${fieldName(DISK_MODE, 'diskDeploymentMode')} to ${either(others.map(([name]) => `"${name}"`))}`,
    identity: `${subject.key}|misfit`,
    evidence: [...rejected, ...lacking],
    related: isSet
      ? [{ resource: subject, path: DISK_MODE, message: `${displayName(subject.ref)}, diskDeploymentMode` }]
      : [],
  });
}

function fits(
  map: JsonObject,
  meant: ReadonlySet<string>,
  needs: readonly string[],
  rejects: readonly string[],
): boolean {
  return (
    needs.every((type) => own(map, type) !== undefined || meant.has(type)) &&
    rejects.every((type) => own(map, type) === undefined)
  );
}
