import { fieldOf } from '../../finding.ts';
import type { FixEdit } from '../../base/edits.ts';
import { readString } from '../../schema/read-field.ts';
import { at } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { quoted } from '../../base/text.ts';
import { isReclaimPolicy, parameterNames, RECREATE } from '../../iomesh/class-parameters.ts';

const TOP: Path = ['reclaimPolicy'];
const POLICIES: readonly string[] = ['Delete', 'Retain'];

export const reclaimPolicyMisplaced: Rule = {
  code: 'IOM509',
  name: 'reclaim-policy-misplaced',
  severity: { lint: 'error', admission: 'deny' },
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject)) return;
    const top = readString(world, subject, TOP);
    if (top.state === 'invalid') return;
    const effective = top.value ?? 'Delete';
    for (const key of parameterNames(subject).filter(isReclaimPolicy)) {
      const path = ['parameters', key];
      const field = readString(world, subject, path);
      if (field.state !== 'present') continue;
      const meant = POLICIES.find((policy) => policy.toLowerCase() === field.value.trim().toLowerCase());
      const same = meant === effective;
      const lost = effective === 'Delete' ? 'are deleted with their data' : 'are kept';
      const where = top.value === undefined ? 'the default' : 'at the top level';
      report({
        path,
        part: 'key',
        minor: same,
        message: same
          ? `reclaimPolicy among the parameters has no effect; the class's policy, ${where}, is ${quoted(effective)} as well`
          : `reclaimPolicy ${quoted(field.value)} among the parameters has no effect: the class's policy is ${quoted(effective)} (${where}), so volumes ${lost} when their PVC is deleted`,
        help: same
          ? 'remove it from the parameters'
          : meant === undefined
            ? 'remove it, and set reclaimPolicy at the top level to "Delete" or "Retain"'
            : `move it to the top level, beside provisioner: reclaimPolicy: ${meant}; ${RECREATE}; existing volumes are changed one by one with kubectl patch pv`,
        related: top.value === undefined ? [] : [fieldOf(subject, TOP)],
        // What stood there with the same policy was harmless: it is another fault once they differ.
        evidence: [same ? 'same' : `${field.value}|${effective}`],
        fix: {
          safety: 'unsafe',
          description:
            same || meant === undefined ? 'remove it' : `move it to the top level as ${quoted(meant)}`,
          edits: editsFor(subject, path, same ? undefined : meant),
        },
      });
    }
  },
};

function editsFor(subject: Resource, path: Path, value: string | undefined): readonly FixEdit[] {
  if (value === undefined) return [{ op: 'remove', path }];
  const top = at(subject.json, TOP);
  if (top === undefined && at(subject.json, path) === value) return [{ op: 'move', from: path, path: TOP }];
  return [
    { op: 'remove', path },
    { op: top === undefined ? 'add' : 'replace', path: TOP, value },
  ];
}
