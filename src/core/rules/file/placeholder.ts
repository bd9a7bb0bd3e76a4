import type { Rule } from '../../rule.ts';
import { faultsOf, reportFault, SHAPED } from '../../checks/schema-errors.ts';

export const placeholder: Rule = {
  code: 'IOM007',
  name: 'placeholder',
  severity: { lint: 'error', admission: 'deny' },
  kinds: SHAPED,
  check(subject, world, report) {
    for (const fault of faultsOf('IOM007', subject, world)) reportFault(fault, report);
  },
};
