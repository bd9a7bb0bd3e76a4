import type { Rule } from '../../rule.ts';
import { SCHEMA_KINDS, schemaErrorsOf } from '../../checks/schema-errors.ts';

export const unknownField: Rule = {
  code: 'IOM004',
  name: 'unknown-field',
  severity: { lint: 'error', admission: 'none' },
  // In IOMesh 1.2, whose definitions are not public.
  minor: { lint: 'warning', admission: 'none' },
  fix: 'unsafe',
  kinds: SCHEMA_KINDS,
  check(subject, world, report) {
    for (const error of schemaErrorsOf('IOM004', subject, world)) report(error);
  },
};
