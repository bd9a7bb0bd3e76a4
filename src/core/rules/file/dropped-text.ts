import type { Rule } from '../../rule.ts';
import { reportInputFaults } from '../../checks/input-errors.ts';

export const droppedText: Rule = {
  code: 'IOM003',
  name: 'dropped-text',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputFaults('IOM003', world, report),
  doc: {
    summary: 'Text follows a line `...` without a line `---` between them.',
    why: `A line of three full stops ends a YAML document. kubectl drops whatever comes after it, up to the next \`---\`,
and says nothing. Guides print \`...\` where they left lines out; copied into a file, it cuts the object off.`,
    bad: `spec:
  meta:
    replicas: 3
...
  chunk:
    replicas: 3`,
    good: `spec:
  meta:
    replicas: 3
  chunk:
    replicas: 3`,
    remedy:
      'Remove the line `...`, and fill in what it stands for. If a new object follows, write `---` before it.',
    basis: 'api (the text is dropped silently by kubectl).',
  },
};
