import { readString } from '../../schema/read-field.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { suggest } from '../../base/suggest.ts';
import { FSTYPE } from '../../iomesh/class-parameters.ts';
import { invalidParameter } from '../../checks/class-parameter.ts';

/** The default comes first. */
const FILE_SYSTEMS = ['ext4', 'ext3', 'ext2', 'xfs'] as const;

export const fstype: Rule = {
  code: 'IOM506',
  name: 'fstype',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject, world.config)) return;
    const { state, value } = readString(world, subject, ['parameters', FSTYPE]);
    if (state !== 'present' || FILE_SYSTEMS.some((each) => each === value)) return;
    report(invalidParameter(FSTYPE, value, FILE_SYSTEMS, suggest(value, FILE_SYSTEMS)));
  },
};
