import { readField, readString } from '../../schema/read-field.ts';
import { isArray, type Json, own } from '../../base/json.ts';
import { displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import { sameSelection, satisfiable, type Term } from '../../node-selector/index.ts';
import {
  DEFAULT_DISK_MODE,
  DEVICE_MAP,
  deviceMapEntries,
  deviceMapOf,
  deviceRequirements,
  DISK_MODE,
  DISK_MODES,
  MOUNT_TYPES,
} from '../../iomesh/device-map.ts';
import type { World } from '../../world.ts';

interface RiskyField {
  readonly path: Path;
  /** The value that an absent field means. Without one, to add or remove the field is not a change of the cluster. */
  readonly absent?: string | undefined;
  readonly effect: string;
}

const FIELDS: readonly RiskyField[] = [
  { path: ['spec', 'storageClass'], effect: 'existing volumes stay on the old class' },
  {
    path: ['spec', 'diskDeploymentMode'],
    absent: 'hybridFlash',
    effect: 'disks in use keep their layout',
  },
  {
    path: ['spec', 'chunk', 'dataCIDR'],
    effect: 'only restarted chunk pods use the new network',
  },
  {
    path: ['spec', 'redirector', 'dataCIDR'],
    effect: 'only restarted redirector pods use the new network',
  },
  {
    path: ['spec', 'portOffset'],
    absent: '-1',
    effect: 'only restarted pods use the new ports',
  },
];

/** IOM605: an update changes a field that a running cluster uses only at setup. */
export const riskyChange: Rule = {
  code: 'IOM605',
  name: 'risky-change',
  severity: { lint: 'none', admission: 'warn' },
  waivedBy: 'owner',
  kinds: ['IOMeshCluster'],
  checkChange({ before, after }, was, is, report) {
    if (before === undefined || after === undefined || isBeingDeleted(after)) return;
    if (after.kind !== 'IOMeshCluster') return;
    for (const field of FIELDS) {
      const old = textOf(was, before, field);
      const now = textOf(is, after, field);
      if (old === undefined || now === undefined || old === now) continue;
      const name = formatPath(field.path);
      report({
        path: field.path,
        message: `${name} of ${displayName(after.ref)} changes from ${quoted(old)} to ${quoted(now)}, but ${field.effect}`,
        label: `was ${quoted(old)}`,
        help: `set ${name} back to ${quoted(old)}; change it only before the first pod of this cluster starts`,
      });
    }
    const map = changedDeviceMap(was, before, is, after);
    if (map !== undefined)
      report({
        path: map.path,
        part: 'key',
        message: `${formatPath(map.path)} of ${displayName(after.ref)} ${map.change}, but disks in use keep their layout`,
        help: `set ${formatPath(DEVICE_MAP)} back; to take a failed disk out, add it to exclude`,
        identity: `${after.key}|deviceMap`,
        evidence: [map.change],
      });
  },
};

/** What an update does to the disks of a cluster; undefined if each mount type may keep those it has. */
function changedDeviceMap(
  was: World,
  before: Resource,
  is: World,
  after: Resource,
): { readonly path: Path; readonly change: string } | undefined {
  const old = deviceMapOf(before);
  const modeOf = (world: World, each: Resource) =>
    readString(world, each, DISK_MODE).value ?? DEFAULT_DISK_MODE;
  const mode = modeOf(was, before);
  // With another mode the cluster needs other mount types: that is reported already.
  if (old === undefined || mode !== modeOf(is, after)) return undefined;
  const { needs, rejects } = DISK_MODES.get(mode) ?? { needs: [], rejects: [] };
  const now = deviceMapOf(after);
  if (now === undefined) return { path: DEVICE_MAP, change: 'is removed' };
  for (const [type, entry] of deviceMapEntries(old)) {
    const path = [...DEVICE_MAP, type];
    const next = own(now, type);
    // A mount type that is unknown or rejected has no disks; one that is needed is IOM302.
    if (!MOUNT_TYPES.some((known) => known === type) || rejects.includes(type)) continue;
    if (next === undefined && needs.includes(type)) continue;
    if (next === undefined) return { path, change: 'is removed' };
    const others = deviceMapEntries(old).flatMap(([other, value]) => (other === type ? [] : [value]));
    if (usesOtherDisks(entry, next, others)) return { path, change: 'uses other disks' };
  }
  return undefined;
}

/** True for a mount type that selects none of its previous disks, or what another mount type did before. */
function usesOtherDisks(before: Json, after: Json, others: readonly Json[]): boolean {
  const [old, now] = [disksOf(before), disksOf(after)];
  const taken = others.map(disksOf);
  if (now.included.some((disk) => taken.some(({ included }) => included.includes(disk)))) return true;
  if (old.term === undefined || now.term === undefined) return false;
  const [selection, previous] = [{ terms: [now.term] }, { terms: [old.term] }];
  if (sameSelection(selection, previous)) return false;
  return (
    !satisfiable({ requirements: [...old.term.requirements, ...now.term.requirements], path: [] }) ||
    taken.some(({ term }) => term !== undefined && sameSelection(selection, { terms: [term] }))
  );
}

/** The disks of a deviceMap entry: those that its selector matches, and those that it lists by name. */
function disksOf(entry: Json): { readonly term: Term | undefined; readonly included: readonly Json[] } {
  const requirements = deviceRequirements(own(entry, 'selector'), []);
  const include = own(entry, 'include');
  return {
    term: requirements && { requirements, path: [] },
    included: isArray(include) ? include : [],
  };
}

/** The value that is in effect, or undefined if it is unknown. */
function textOf(world: World, resource: Resource, { path, absent }: RiskyField): string | undefined {
  const { state, value } = readField(world, resource, path);
  if (state === 'present') return isScalar(value) ? String(value) : undefined;
  return state === 'absent' ? absent : undefined;
}

function isScalar(value: Json): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}
