import type { Rule } from '../../rule.ts';
import { faultsOf, reportFault, SHAPED } from '../../checks/schema-errors.ts';

export const unknownField: Rule = {
  code: 'IOM004',
  name: 'unknown-field',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: SHAPED,
  check(subject, world, report) {
    for (const fault of faultsOf('IOM004', subject, world)) reportFault(fault, report);
  },
  doc: {
    summary: 'A field stands where that IOMesh version, or Kubernetes, knows no such field.',
    why: `kubectl refuses it by default. Without strict validation, and through many tools, the apiserver drops it without
a word: the setting has no effect, and the object in the cluster is not the one in the file. A node affinity lost this way
lets the pods of one cluster land on the nodes of another.`,
    bad: `chunk:
  blockDeviceNamespace: iomesh-system
  image:
    repository: iomesh/zbs-chunkd
    tags: v5.3.0-rc13`,
    good: `chunk:
  devicemanager:
    blockDeviceNamespace: iomesh-system
  image:
    repository: iomesh/zbs-chunkd
    tag: v5.3.0-rc13`,
    remedy: `The help line names the field that was probably meant: one of another spelling beside it, or the place where a field
of that name belongs. Some fields (\`platform\`, \`edition\`, \`deviceMap.*.include\`) exist from IOMesh 1.2 only: set
\`iomeshVersion: "1.2"\` in the configuration if that is what runs. Keys of a ConfigMap's data and parameters of a
StorageClass are not fields; IOM510 judges the parameters.`,
    basis:
      'api (strict validation refuses, otherwise pruned) and vendor (the fields of the 1.0 and 1.2 CRDs).',
  },
};
