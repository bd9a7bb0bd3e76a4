import { readField } from '../../schema/read-field.ts';
import type { Json } from '../../base/json.ts';
import { displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';

interface RiskyField {
  readonly path: Path;
  /** What an absent field means; without one, its coming or going is no change of the cluster. */
  readonly absent?: string | undefined;
  readonly effect: string;
}

const FIELDS: readonly RiskyField[] = [
  { path: ['spec', 'storageClass'], effect: 'volumes that exist stay on the old class' },
  {
    path: ['spec', 'diskDeploymentMode'],
    absent: 'hybridFlash',
    effect: 'disks in use keep the layout they were mounted with',
  },
  {
    path: ['spec', 'chunk', 'dataCIDR'],
    effect: 'chunk pods that restart look for an address in the new network',
  },
  {
    path: ['spec', 'redirector', 'dataCIDR'],
    effect: 'redirectors that restart look for the chunks in the new network',
  },
  {
    path: ['spec', 'portOffset'],
    absent: '-1',
    effect: 'pods that restart listen on other ports than their peers and clients expect',
  },
];

/** IOM605: a field changes under a cluster that was set up with another value. */
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
        message: `${name} of ${displayName(after.ref)} changes from ${quoted(old)} to ${quoted(now)}; ${field.effect}`,
        label: `was ${quoted(old)}`,
        help: `keep ${quoted(old)}, unless no pod of this cluster has started yet`,
      });
    }
  },
};

/** The value in force; undefined where it cannot be told. */
function textOf(world: World, resource: Resource, { path, absent }: RiskyField): string | undefined {
  const { state, value } = readField(world, resource, path);
  if (state === 'present') return isScalar(value) ? String(value) : undefined;
  return state === 'absent' ? absent : undefined;
}

function isScalar(value: Json): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}
