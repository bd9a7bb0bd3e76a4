import { atLeast } from '../../base/iomesh-version.ts';
import { formatPath } from '../../base/path.ts';
import { bytesOf, GIBIBYTE } from '../../base/quantity.ts';
import { quoted } from '../../base/text.ts';
import { isBoundClaim } from '../../iomesh/claims.ts';
import { isIomeshClassName } from '../../iomesh/class-cluster.ts';
import type { Rule } from '../../rule.ts';
import { readField, readString } from '../../schema/read-field.ts';

const PATH = ['spec', 'resources', 'requests', 'storage'];
const STEP_GIB = 2n;

export const pvcSize: Rule = {
  code: 'IOM518',
  name: 'pvc-size',
  severity: { lint: 'warning', admission: 'none' },
  fix: 'unsafe',
  kinds: ['PersistentVolumeClaim'],
  check(subject, world, report) {
    if (!atLeast(world.iomeshVersion, '1.2') || isBoundClaim(subject)) return;
    const name = readString(world, subject, ['spec', 'storageClassName']);
    if (name.state !== 'present' || !isIomeshClassName(world, name.value)) return;
    const { value } = readField(world, subject, PATH);
    if (typeof value !== 'string' && typeof value !== 'number') return;
    const bytes = bytesOf(String(value));
    const step = STEP_GIB * GIBIBYTE;
    if (bytes === undefined || bytes === 0n || bytes % step === 0n) return;
    const next = `${((bytes + step - 1n) / step) * STEP_GIB}Gi`;
    report({
      path: PATH,
      message: `the size of the PVC is ${quoted(String(value))}, but IOMesh volumes have a multiple of ${STEP_GIB}Gi`,
      help: `set ${formatPath(PATH)} to ${quoted(next)}`,
      fix: {
        safety: 'unsafe',
        description: `set it to ${quoted(next)}`,
        edits: [{ op: 'replace', path: PATH, value: next }],
      },
    });
  },
};
