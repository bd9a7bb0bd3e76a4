import type { Rule } from '../../rule.ts';
import { faultsOf, reportFault, SHAPED } from '../../checks/schema-errors.ts';

export const wrongType: Rule = {
  code: 'IOM005',
  name: 'wrong-type',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: SHAPED,
  check(subject, world, report) {
    for (const fault of faultsOf('IOM005', subject, world)) reportFault(fault, report);
  },
  doc: {
    summary: 'A value is of a type, or not among the values, that Kubernetes takes there.',
    why: `The apiserver refuses the whole object. Plain YAML words are the usual cause: \`yes\`, \`no\`, \`on\` and \`off\` are
booleans to Kubernetes, and \`2\`, \`1.10\` and \`1e3\` are numbers, where a ConfigMap, a StorageClass parameter, a label or an
image tag must be text.`,
    bad: `parameters:
  replicaFactor: 2
  thinProvision: yes
reclaimPolicy: delete`,
    good: `parameters:
  replicaFactor: "2"
  thinProvision: "true"
reclaimPolicy: Delete`,
    remedy: 'Quote what must be text. Write the listed values with their capital letters as they are.',
    basis:
      'api (types and enumerations that the apiserver refuses; for tolerations, values that it refuses in the pods the operator makes).',
  },
};
