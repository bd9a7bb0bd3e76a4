import type { Rule } from '../../rule.ts';
import { reportInputFaults } from '../../checks/input-errors.ts';

export const droppedText: Rule = {
  code: 'IOM003',
  name: 'dropped-text',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputFaults('IOM003', world, report),
};
