import { readString } from '../../schema/read-field.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { DEFAULT_CLASS, isIomeshClass } from '../../iomesh/storage-class.ts';
import { suggest } from '../../base/suggest.ts';
import { joined, quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { clusterNamed, mustNameCluster } from '../../iomesh/references.ts';

const PATH = ['spec', 'storageClassName'];
const IOMESH_CLASSES = Symbol('names of IOMesh classes');

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
    const classes = iomeshClasses(world);
    if (classes.length === 0) return;
    const meant = suggest(name, classes);
    if (meant === undefined && !isIomeshName(name, world)) return;
    report({
      path: PATH,
      message: `StorageClass ${quoted(name)} does not exist${meant === undefined ? '' : `; did you mean ${quoted(meant)}?`}`,
      help:
        meant === undefined
          ? `set ${formatPath(PATH)} to one of the IOMesh classes ${joined(classes.map(quoted))}`
          : `set ${formatPath(PATH)} to ${quotedInFull(meant)}`,
      fix:
        meant === undefined
          ? undefined
          : {
              safety: 'unsafe',
              description: `set it to ${quotedInFull(meant)}`,
              edits: [{ op: 'replace', path: PATH, value: meant }],
            },
    });
  },
};

function iomeshClasses(world: World): readonly string[] {
  return world.memoize(IOMESH_CLASSES, () =>
    world
      .all('StorageClass')
      .filter((each) => isIomeshClass(each, world.config))
      .map((each) => each.ref.name)
      .sort(),
  );
}

function isIomeshName(name: string, world: World): boolean {
  if (name === DEFAULT_CLASS) return world.iomeshVersion === '1.0' && mustNameCluster(world);
  return /(^|[-.])iomesh([-.]|$)/i.test(name) || clusterNamed(world, name) !== undefined;
}
