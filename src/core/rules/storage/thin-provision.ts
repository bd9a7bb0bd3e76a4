import { readString } from '../../schema/read-field.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { booleanMeant, invalidParameter } from '../../checks/class-parameter.ts';

const NAME = 'thinProvision';

export const thinProvision: Rule = {
  code: 'IOM508',
  name: 'thin-provision',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject, world.config)) return;
    const { state, value } = readString(world, subject, ['parameters', NAME]);
    if (state !== 'present' || value === 'true' || value === 'false') return;
    report(invalidParameter(NAME, value, ['true', 'false'], booleanMeant(value)));
  },
};
