import { readString } from '../../schema/read-field.ts';
import type { Rule } from '../../rule.ts';
import { DEFAULT_CLASS, isIomeshClass } from '../../iomesh/storage-class.ts';
import { suggest } from '../../base/suggest.ts';
import { joined, quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { clusterNamed, mustNameCluster } from '../../iomesh/references.ts';

const PATH = ['spec', 'storageClassName'];
const OUR_CLASSES = Symbol('names of our classes');

export const pvcClass: Rule = {
  code: 'IOM512',
  name: 'pvc-class',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: ['PersistentVolumeClaim'],
  check(subject, world, report) {
    const field = readString(world, subject, PATH);
    if (field.state !== 'present' || field.value === '') return;
    const name = field.value;
    if (world.presence('StorageClass', undefined, name) !== 'no') return;
    const ours = ourClasses(world);
    if (ours.length === 0) return;
    const meant = suggest(name, ours);
    if (meant === undefined && !soundsLikeOurs(name, world)) return;
    report({
      path: PATH,
      message: `there is no StorageClass ${quoted(name)}`,
      help:
        meant === undefined ? `name one of ${joined(ours.map(quoted))}` : `did you mean ${quoted(meant)}?`,
      ...(meant === undefined
        ? {}
        : {
            fix: {
              safety: 'unsafe',
              description: `write ${quoted(meant)}`,
              edits: [{ op: 'replace', path: PATH, value: meant }],
            },
          }),
    });
  },
};

function ourClasses(world: World): readonly string[] {
  return world.memoize(OUR_CLASSES, () =>
    world
      .all('StorageClass')
      .filter(isIomeshClass)
      .map((each) => each.ref.name)
      .sort(),
  );
}

function soundsLikeOurs(name: string, world: World): boolean {
  if (name === DEFAULT_CLASS) return world.config.iomeshVersion === '1.0' && mustNameCluster(world);
  return /(^|[-.])iomesh([-.]|$)/i.test(name) || clusterNamed(world, name) !== undefined;
}
