import { SCHEMA_KINDS, schemaErrorsOf } from '../../core/checks/schema-errors.ts';
import { completedFields } from '../../core/defaults/completed-fields.ts';
import type { World } from '../../core/world.ts';
import { count } from '../../report/summary.ts';

/** A note about required fields that are missing and left to the webhook: `completedBy` in the configuration. */
export function completedNotes(world: World): readonly string[] {
  if (world.config.completedBy !== 'webhook') return [];
  let fields = 0;
  for (const kind of SCHEMA_KINDS)
    for (const resource of world.all(kind)) {
      const errors = schemaErrorsOf('IOM006', resource, world).filter(({ part }) => part !== 'key');
      if (errors.length === 0) continue;
      const completed = completedFields(resource, world);
      fields += errors.filter(({ path }) => completed(path) !== undefined).length;
    }
  return fields === 0
    ? []
    : [`${count(fields, 'required field')} left to the webhook (completedBy: webhook)`];
}
