import type { Rule } from '../../rule.ts';
import { reportInputErrors } from '../../checks/input-errors.ts';

export const duplicateKey: Rule = {
  code: 'IOM002',
  name: 'duplicate-key',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputErrors('IOM002', world, report),
};
