import { relatedField, relatedObject } from '../../finding.ts';
import { readField, readString } from '../../schema/read-field.ts';
import { isArray } from '../../base/json.ts';
import type { Rule } from '../../rule.ts';
import { isBoundClaim } from '../../iomesh/claims.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { quoted } from '../../base/text.ts';

const MODES = ['spec', 'accessModes'];
const VOLUME_MODE = ['spec', 'volumeMode'];
const SHARED: readonly string[] = ['ReadWriteMany', 'ReadOnlyMany'];

export const pvcAccessMode: Rule = {
  code: 'IOM513',
  name: 'pvc-access-mode',
  severity: { lint: 'error', admission: 'none' },
  kinds: ['PersistentVolumeClaim'],
  check(subject, world, report) {
    if (isBoundClaim(subject)) return;
    const className = readString(world, subject, ['spec', 'storageClassName']);
    if (className.state !== 'present') return;
    const storageClass = world.get('StorageClass', undefined, className.value);
    if (storageClass === undefined || !isIomeshClass(storageClass, world.config)) return;
    const modes = readField(world, subject, MODES);
    const volumeMode = readString(world, subject, VOLUME_MODE);
    if (volumeMode.state === 'invalid' || !isArray(modes.value)) return;
    if (volumeMode.value !== undefined && volumeMode.value !== 'Filesystem') return;
    const index = modes.value.findIndex((mode) => typeof mode === 'string' && SHARED.includes(mode));
    if (index < 0) return;
    const actual = volumeMode.value === undefined ? '"Filesystem" (the default)' : '"Filesystem"';
    report({
      path: [...MODES, index],
      message: `access mode ${quoted(String(modes.value[index]))} requires volumeMode "Block" on IOMesh, but volumeMode is ${actual}`,
      help: 'set spec.volumeMode to "Block", or use access mode "ReadWriteOnce"',
      related: [
        ...(volumeMode.value === undefined ? [] : [relatedField(subject, VOLUME_MODE)]),
        relatedObject(
          storageClass,
          `StorageClass ${storageClass.ref.name} uses provisioner ${world.config.provisioner}`,
        ),
      ],
    });
  },
};
