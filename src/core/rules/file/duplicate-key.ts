import type { Rule } from '../../rule.ts';
import { reportInputFaults } from '../../checks/input-errors.ts';

export const duplicateKey: Rule = {
  code: 'IOM002',
  name: 'duplicate-key',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputFaults('IOM002', world, report),
  doc: {
    summary: 'A mapping holds the same key twice.',
    why: `kubectl keeps the last one without a word, even with strict validation. Whoever reads the file sees the first.
The same file through kustomize is an error.`,
    bad: `chunk:
  dataCIDR: 10.234.1.0/24
  replicas: 3
  dataCIDR: 10.234.2.0/24`,
    good: `chunk:
  dataCIDR: 10.234.2.0/24
  replicas: 3`,
    remedy:
      'Keep the one that is meant and remove the other. Two `kind:` lines often mean that a `---` is missing between two objects.',
    basis: 'api (last one wins in kubectl, also under strict validation).',
  },
};
