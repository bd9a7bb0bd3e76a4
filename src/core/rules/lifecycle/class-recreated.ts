import { describe, isBeingDeleted } from '../../base/model.ts';
import { joined, quoted } from '../../base/text.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { reassignedVolumes, volumesText } from '../../iomesh/volumes.ts';
import type { Rule } from '../../rule.ts';

/** IOM610: a new StorageClass has the name of a deleted one, whose volumes it leads to its cluster. */
export const classRecreated: Rule = {
  code: 'IOM610',
  name: 'class-recreated',
  severity: { lint: 'none', admission: 'warn' },
  kinds: ['StorageClass'],
  checkChange({ before, after }, was, is, report) {
    if (before !== undefined || after === undefined || isBeingDeleted(after)) return;
    if (!isIomeshClass(after, is.config)) return;
    for (const { volumes, from, to } of reassignedVolumes(was, is, after.ref.name)) {
      const now = joined(to.map(quoted));
      report({
        path: ['metadata', 'name'],
        message: `${describe(after.ref)} leads to ${now}, and a former class of this name made ${volumesText(volumes)}, which ${from.length === 0 ? 'do not say where they are' : `counted as volumes of ${joined(from.map(quoted))}`}`,
        help: `if these volumes are not on ${now}, delete the class and create it under another name; without a class of their own, or under a wrong one, the deletion of their cluster cannot be recognized`,
        identity: `${after.key}|${to.join()}|${from.join()}`,
      });
    }
  },
};
