import type { Rule } from '../../rule.ts';
import { reportInputErrors } from '../../checks/input-errors.ts';

export const yamlSyntax: Rule = {
  code: 'IOM001',
  name: 'yaml-syntax',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputErrors('IOM001', world, report),
};
