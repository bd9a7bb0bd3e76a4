import type { Rule } from '../../rule.ts';
import { reportInputFaults } from '../../checks/input-errors.ts';

export const yamlSyntax: Rule = {
  code: 'IOM001',
  name: 'yaml-syntax',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld: (world, report) => reportInputFaults('IOM001', world, report),
  doc: {
    summary: 'A YAML document cannot be read.',
    why: `kubectl stops at such a document. What stood before it in the file may already be applied, what follows is not: a
cluster is left half described. The other documents of the file are judged all the same, and references to what this
document may hold are not reported as dangling.`,
    bad: `nodeSelectorTerms:
  - matchExpressions:
- key: kubernetes.io/hostname
  operator: In`,
    good: `nodeSelectorTerms:
  - matchExpressions:
      - key: kubernetes.io/hostname
        operator: In`,
    remedy: `Indent with spaces, never with tabs. Where \`- key:\` stands left of \`matchExpressions:\`, indent it until it stands
under it: moved to the same depth instead, it becomes a second term, and the selector matches no node.`,
    basis:
      'api (kubectl converts each document by the rules of YAML 1.1 as go-yaml reads them; the reading here is measured against it).',
  },
};
