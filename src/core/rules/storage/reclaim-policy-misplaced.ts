import { relatedField } from '../../finding.ts';
import type { FixEdit } from '../../base/edits.ts';
import { readString } from '../../schema/read-field.ts';
import { at } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
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
    if (!isIomeshClass(subject, world.config)) return;
    const top = readString(world, subject, TOP);
    if (top.state === 'invalid') return;
    const effective = top.value ?? 'Delete';
    for (const key of parameterNames(subject).filter(isReclaimPolicy)) {
      const path = ['parameters', key];
      const field = readString(world, subject, path);
      if (field.state !== 'present') continue;
      const meant = POLICIES.find((policy) => policy.toLowerCase() === field.value.trim().toLowerCase());
      const same = meant === effective;
      const outcome = effective === 'Delete' ? 'are deleted with their data' : 'are kept';
      const from = top.value === undefined ? 'the default' : 'set at the top level';
      const name = formatPath(path);
      report({
        path,
        part: 'key',
        minor: same,
        message: same
          ? `${name} has no effect; the reclaim policy of the class is also ${quoted(effective)} (${from})`
          : `${name} is ${quoted(field.value)} but has no effect: the reclaim policy of the class is ${quoted(effective)} (${from}), so volumes ${outcome} when their PVC is deleted`,
        help: same
          ? `remove ${name}`
          : meant === undefined
            ? `remove ${name}, and set reclaimPolicy at the top level to "Delete" or "Retain"`
            : `move it to the top level, next to provisioner: reclaimPolicy: ${meant}; ${RECREATE}; change each existing volume with kubectl patch pv`,
        related: top.value === undefined ? [] : [relatedField(subject, TOP)],
        // A parameter with the same policy is harmless, so a difference is a new error.
        evidence: [same ? 'same' : `${field.value}|${effective}`],
        fix: {
          safety: 'unsafe',
          description:
            same || meant === undefined ? 'remove it' : `move it to the top level as reclaimPolicy: ${meant}`,
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
