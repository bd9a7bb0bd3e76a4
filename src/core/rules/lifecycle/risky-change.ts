import { readField } from '../../schema/read-field.ts';
import type { Json } from '../../base/json.ts';
import { displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
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
  },
};

/** The value that is in effect, or undefined if it is unknown. */
function textOf(world: World, resource: Resource, { path, absent }: RiskyField): string | undefined {
  const { state, value } = readField(world, resource, path);
  if (state === 'present') return isScalar(value) ? String(value) : undefined;
  return state === 'absent' ? absent : undefined;
}

function isScalar(value: Json): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}
