import { atLeast } from '../../base/iomesh-version.ts';
import { relatedField } from '../../finding.ts';
import { readString } from '../../schema/read-field.ts';
import type { Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { joined, quoted } from '../../base/text.ts';
import { invalidParameter } from '../../checks/class-parameter.ts';
import type { World } from '../../world.ts';
import { parameterNames, RECREATE } from '../../iomesh/class-parameters.ts';

const NAME = 'replicaFactor';
const PATH = ['parameters', NAME];

export const replicaFactor: Rule = {
  code: 'IOM507',
  name: 'replica-factor',
  severity: { lint: 'error', admission: 'deny' },
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject, world.config)) return;
    const field = readString(world, subject, PATH);
    if (field.state !== 'present') return;
    const coding = erasureCoding(subject, world);
    if (coding.length > 0) {
      report({
        path: PATH,
        part: 'key',
        minor: true,
        message: `replicaFactor ${quoted(field.value)} has no effect because ${joined(coding)} ${coding.length === 1 ? 'enables' : 'enable'} erasure coding`,
        help: `remove replicaFactor, or remove ${joined(coding)} to use replicas; ${RECREATE}`,
        related: coding.map((name) => relatedField(subject, ['parameters', name])),
        identity: `${subject.key}|void`,
        fix: {
          safety: 'unsafe',
          description: 'remove replicaFactor',
          edits: [{ op: 'remove', path: PATH }],
        },
      });
      return;
    }
    if (field.value === '2' || field.value === '3') return;
    const meant = /^[0-9]{1,9}$/.test(field.value.trim()) && Number(field.value) > 2 ? '3' : '2';
    const violation = invalidParameter(NAME, field.value, ['2', '3'], meant);
    const note = field.value === '1' ? ' (only IOMesh 0.10 and older accept "1")' : '';
    report({ ...violation, message: violation.message + note });
  },
};

function erasureCoding(subject: Resource, world: World): readonly string[] {
  if (!atLeast(world.iomeshVersion, '1.2')) return [];
  return ['ec_k', 'ec_m'].filter((name) => parameterNames(subject).includes(name));
}
