import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import { placedObjects } from '../../iomesh/placement.ts';
import { mutate } from '../../defaults/mutate.ts';
import { changedObject, type Resource } from '../../base/model.ts';
import { isPrefix, type Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { schemaErrors } from '../../schema/schema-errors.ts';
import type { World } from '../../world.ts';
import { SCHEMA_KINDS, schemaErrorsOf } from '../../checks/schema-errors.ts';

export const missingField: Rule = {
  code: 'IOM006',
  name: 'missing-field',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'shown',
  kinds: SCHEMA_KINDS,
  // Deleting the management cluster removes the defaults for images; IOM601 already denies that deletion.
  deletionReportedBy: 'IOM601',
  check(subject, world, report) {
    const errors = schemaErrorsOf('IOM006', subject, world);
    if (errors.length === 0) return;
    const isLeft = leftByDefaults(subject, world);
    for (const error of errors)
      if (error.part === 'key' || error.path.length === 0 || isLeft(error.path)) report(error);
  },
  *affected(change, before, after) {
    // The defaults of a cluster follow from other clusters, above all the management cluster, and from nodes.
    const kind = changedObject(change)?.kind;
    if (kind !== 'Node' && !CLUSTER_KINDS.some((each) => each === kind)) return;
    for (const world of [before, after])
      for (const placed of placedObjects(world))
        if (schemaErrorsOf('IOM006', placed, world).length > 0) yield placed;
  },
};

/** A function that is true for a path under which a field is still missing after defaulting. */
function leftByDefaults(subject: Resource, world: World): (path: Path) => boolean {
  const { resource } = mutate(subject, world, 'CREATE');
  const left = resource === subject ? undefined : schemaErrors(resource, world.iomeshVersion);
  return (path) =>
    left === undefined || left.some((error) => error.code === 'IOM006' && isPrefix(path, error.path));
}
