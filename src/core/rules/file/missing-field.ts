import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import { placedObjectsWith } from '../../iomesh/placement.ts';
import { completedFields } from '../../defaults/completed-fields.ts';
import { withFields } from '../../base/help-text.ts';
import { at } from '../../base/json.ts';
import { changedObject, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { SCHEMA_KINDS, schemaErrorsOf } from '../../checks/schema-errors.ts';

export const missingField: Rule = {
  code: 'IOM006',
  name: 'missing-field',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  waivedBy: 'owner',
  kinds: SCHEMA_KINDS,
  // Deleting the management cluster removes the defaults for images; IOM601 already denies that deletion.
  deletionReportedBy: 'IOM601',
  check(subject, world, report) {
    const errors = schemaErrorsOf('IOM006', subject, world);
    if (errors.length === 0) return;
    const isCompleted = world.mode === 'admission' || world.config.completedBy === 'webhook';
    const completed = completedFields(subject, world);
    for (const error of errors) {
      const { path } = error;
      const isField = error.part !== 'key' && path.length > 0;
      const value = isField ? completed(path) : undefined;
      if (value === undefined) report(error);
      else if (!isCompleted) {
        const op = at(subject.json, path) === undefined ? 'add' : 'replace';
        const description = withFields`set ${path} to the default of the webhook`;
        report({
          ...error,
          help: withFields`add it; the webhook adds it if it is installed: set completedBy: webhook in the configuration then`,
          fix: { safety: 'unsafe', description, edits: [{ op, path, value }] },
        });
      }
    }
  },
  affected(change, before, after) {
    // The defaults of a cluster follow from other clusters, above all the management cluster, and from nodes.
    const kind = changedObject(change)?.kind;
    if (kind !== 'Node' && !CLUSTER_KINDS.some((each) => each === kind)) return [];
    return [...placedObjectsWith(before, lacksField), ...placedObjectsWith(after, lacksField)];
  },
};

function lacksField(world: World, resource: Resource): boolean {
  return schemaErrorsOf('IOM006', resource, world).length > 0;
}
