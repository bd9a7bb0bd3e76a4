import type { Rule } from '../../rule.ts';
import { faultsOf, reportFault, SHAPED } from '../../checks/schema-errors.ts';

export const wrongType: Rule = {
  code: 'IOM005',
  name: 'wrong-type',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: SHAPED,
  check(subject, world, report) {
    for (const fault of faultsOf('IOM005', subject, world)) reportFault(fault, report);
  },
};
