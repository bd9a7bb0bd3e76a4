import type { Rule } from '../../rule.ts';
import { reportInputFaults } from '../../checks/input-errors.ts';

export const duplicateKey: Rule = {
  code: 'IOM002',
  name: 'duplicate-key',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputFaults('IOM002', world, report),
};
