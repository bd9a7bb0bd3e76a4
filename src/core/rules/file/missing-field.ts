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
  // Without the management cluster nothing fills the images; the deletion itself is refused by that rule.
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
  doc: {
    summary:
      'A required field is absent and no default fills it, or a key is empty while its children stand beside it.',
    why: `The apiserver refuses an object without its required fields. The second case is treacherous: with the children one
step too far left, the key is null and the children are unknown fields. Where unknown fields are dropped, the object is
accepted with its settings gone; a node selector loses all its conditions.`,
    bad: `pod:
affinity:
  nodeAffinity: {}`,
    good: `pod:
  affinity:
    nodeAffinity: {}`,
    remedy: `Add the field, or indent the children. Fields that the mutating webhook fills are not reported: images as on the
management cluster, the data network of the other component, \`storageClass\` and \`reclaimPolicy\`.`,
    basis: 'vendor (required fields of the CRDs) and api (null fields are dropped before validation).',
  },
};

/** Tells of a path whether something is still missing there once the defaults are filled. */
function unfilled(subject: Resource, world: World): (path: Path) => boolean {
  const { resource } = mutate(subject, world, 'CREATE');
  const left = resource === subject ? undefined : schemaErrors(resource, world.config.iomeshVersion);
  return (path) =>
    left === undefined || left.some((fault) => fault.code === 'IOM006' && isPrefix(path, fault.path));
}
