import type { Rule } from '../../rule.ts';
import { reportInputErrors } from '../../checks/input-errors.ts';
import { SCHEMA_KINDS, schemaErrorsOf } from '../../checks/schema-errors.ts';

export const wrongType: Rule = {
  code: 'IOM005',
  name: 'wrong-type',
  severity: { lint: 'error', admission: 'none' },
  // The apiserver accepts the value.
  minor: { lint: 'warning', admission: 'none' },
  fix: 'unsafe',
  waivedBy: 'owner',
  kinds: SCHEMA_KINDS,
  checkWorld: (world, report) => reportInputErrors('IOM005', world, report),
  check(subject, world, report) {
    for (const error of schemaErrorsOf('IOM005', subject, world)) report(error);
  },
};
