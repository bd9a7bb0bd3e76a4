import { mutate } from '../../defaults/index.ts';
import type { Resource } from '../../base/model.ts';
import { isPrefix, type Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { schemaErrors } from '../../schema/schema-errors.ts';
import type { World } from '../../world.ts';
import { faultsOf, reportFault, SHAPED } from '../../checks/schema-errors.ts';

export const missingField: Rule = {
  code: 'IOM006',
  name: 'missing-field',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'shown',
  kinds: SHAPED,
  // Deleting the management cluster removes the defaults for images; IOM601 already denies that deletion.
  deletionSaidBy: 'IOM601',
  check(subject, world, report) {
    const faults = faultsOf('IOM006', subject, world);
    if (faults.length === 0) return;
    const left = unfilled(subject, world);
    for (const fault of faults) {
      const filled = fault.part !== 'key' && fault.path.length > 0 && !left(fault.path);
      if (!filled) reportFault(fault, report);
    }
  },
  *affected(change, before, after) {
    const changed = change.after ?? change.before;
    if (changed === undefined || !after.isManagement(changed.ref)) return;
    for (const world of [before, after])
      for (const cluster of world.all('IOMeshCluster'))
        if (faultsOf('IOM006', cluster, world).length > 0) yield cluster;
  },
};

/** A function that is true for a path under which a field is still missing after defaulting. */
function unfilled(subject: Resource, world: World): (path: Path) => boolean {
  const { resource } = mutate(subject, world, 'CREATE');
  const left = resource === subject ? undefined : schemaErrors(resource, world.config.iomeshVersion);
  return (path) =>
    left === undefined || left.some((fault) => fault.code === 'IOM006' && isPrefix(path, fault.path));
}
