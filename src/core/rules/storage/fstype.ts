import { readString } from '../../schema/read-field.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { suggest } from '../../base/suggest.ts';
import { either, quoted } from '../../base/text.ts';
import { FSTYPE, RECREATE } from '../../iomesh/class-parameters.ts';

const FILE_SYSTEMS: readonly string[] = ['ext4', 'ext3', 'ext2', 'xfs'];
const PATH = ['parameters', FSTYPE];

export const fstype: Rule = {
  code: 'IOM506',
  name: 'fstype',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject)) return;
    const field = readString(world, subject, PATH);
    if (field.state !== 'present' || FILE_SYSTEMS.includes(field.value)) return;
    const meant = suggest(field.value, FILE_SYSTEMS);
    const value = meant ?? 'ext4';
    report({
      path: PATH,
      message: `${FSTYPE} is ${quoted(field.value)}, but must be ${either(FILE_SYSTEMS)}`,
      help: `set ${FSTYPE} to ${meant === undefined ? `one of them, for example ${quoted(value)} (the default)` : quoted(value)}; ${RECREATE}`,
      fix: {
        safety: 'unsafe',
        description: `set it to ${quoted(value)}`,
        edits: [{ op: 'replace', path: PATH, value }],
      },
    });
  },
};
