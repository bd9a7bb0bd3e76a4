import type { Rule } from '../../rule.ts';
import { faultsOf, reportFault, SHAPED } from '../../checks/schema-errors.ts';

export const placeholder: Rule = {
  code: 'IOM007',
  name: 'placeholder',
  severity: { lint: 'error', admission: 'deny' },
  kinds: SHAPED,
  check(subject, world, report) {
    for (const fault of faultsOf('IOM007', subject, world)) reportFault(fault, report);
  },
  doc: {
    summary: 'A value still holds a placeholder such as `<your-data-cidr-here>`.',
    why: `Guides and templates mark with angle brackets what the reader must fill in. The apiserver takes the text as it is,
also as a data network, and the cluster fails later, when the component reads it.`,
    bad: `chunk:
  dataCIDR: <your-data-cidr-here>`,
    good: `chunk:
  dataCIDR: 10.234.1.0/24`,
    remedy:
      'Put the real value in its place. Annotations, descriptions and other keys of a ConfigMap may hold any text.',
    basis: 'api (a placeholder dataCIDR is accepted) and guide (the samples carry placeholders).',
  },
};
