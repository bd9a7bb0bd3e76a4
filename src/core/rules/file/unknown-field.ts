import type { Rule } from '../../rule.ts';
import { faultsOf, reportFault, SHAPED } from '../../checks/schema-errors.ts';

export const unknownField: Rule = {
  code: 'IOM004',
  name: 'unknown-field',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: SHAPED,
  check(subject, world, report) {
    for (const fault of faultsOf('IOM004', subject, world)) reportFault(fault, report);
  },
};
