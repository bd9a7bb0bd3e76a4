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
  doc: {
    summary: 'A PersistentVolumeClaim names a StorageClass of IOMesh that does not exist.',
    why: `The PVC stays Pending for ever; nothing else says why. Classes of other storage (\`hostpath\`, \`gp2\`) are mostly not in the files that are
judged, so a name that is not there is reported only where it must be meant for IOMesh: where the input holds classes of IOMesh, and the name is
nearly one of theirs, holds the word \`iomesh\`, or is that of an IOMesh cluster. The chart's class \`${DEFAULT_CLASS}\` is reported only where it is
not for use: with several clusters before 1.1. A PVC without a class, or with an empty one, is not judged.`,
    bad: `kind: PersistentVolumeClaim
spec:
  storageClassName: iomesh-clutser-1   # the class is iomesh-cluster-1`,
    good: `kind: PersistentVolumeClaim
spec:
  storageClassName: iomesh-cluster-1`,
    remedy:
      'Name a class that exists. The class of a PVC cannot be changed: delete the PVC and create it anew.',
    basis:
      'api (a PVC of an unknown class is accepted and stays Pending). Which names are meant for IOMesh is inferred.',
  },
};

function ourClasses(world: World): readonly string[] {
  return world.memo(OUR_CLASSES, () =>
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
