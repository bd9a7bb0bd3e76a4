import type { Rule } from '../../rule.ts';
import { reportInputErrors } from '../../checks/input-errors.ts';

export const droppedText: Rule = {
  code: 'IOM003',
  name: 'dropped-text',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputErrors('IOM003', world, report),
};
