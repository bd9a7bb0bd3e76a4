import type { Rule } from '../../rule.ts';
import { SCHEMA_KINDS, schemaErrorsOf } from '../../checks/schema-errors.ts';

export const placeholder: Rule = {
  code: 'IOM007',
  name: 'placeholder',
  severity: { lint: 'error', admission: 'deny' },
  kinds: SCHEMA_KINDS,
  check(subject, world, report) {
    for (const error of schemaErrorsOf('IOM007', subject, world)) report(error);
  },
};
