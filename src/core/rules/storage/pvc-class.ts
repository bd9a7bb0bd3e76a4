import { atLeast } from '../../base/iomesh-version.ts';
import type { Resource } from '../../base/model.ts';
import { readString } from '../../schema/read-field.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule, Violation } from '../../rule.ts';
import { isIomeshClassName, namesNoCluster, servingCluster } from '../../iomesh/class-cluster.ts';
import { clusterText } from '../../iomesh/cluster.ts';
import { isBoundClaim } from '../../iomesh/claims.ts';
import { DEFAULT_CLASS, hasWordIomesh, isChartClass, isIomeshClass } from '../../iomesh/storage-class.ts';
import { differOnlyInSpelling, suggest } from '../../base/suggest.ts';
import { joined, quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { clusterNamed, clustersNamed, mustNameCluster } from '../../iomesh/references.ts';

const PATH = ['spec', 'storageClassName'];
const IOMESH_CLASSES = Symbol('IOMesh classes');

export const pvcClass: Rule = {
  code: 'IOM512',
  name: 'pvc-class',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: ['PersistentVolumeClaim'],
  check(subject, world, report) {
    const field = readString(world, subject, PATH);
    if (field.state !== 'present' || field.value === '' || isBoundClaim(subject)) return;
    const name = field.value;
    if (isChartClassOfSeveral(name, world)) {
      report(ofChart(name, world));
      return;
    }
    if (world.presence('StorageClass', undefined, name) !== 'no') return;
    const classes = iomeshClasses(world);
    if (classes.length === 0) return;
    const meant = classMeant(name, world);
    if (meant === undefined && !isIomeshName(name, world)) return;
    report({
      path: PATH,
      message: `StorageClass ${quoted(name)} does not exist${meant === undefined ? '' : `; did you mean ${quoted(meant)}?`}`,
      help:
        meant === undefined
          ? `create StorageClass ${quotedInFull(name)}, or use ${classByCluster(classes, world)}`
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

/** True for the class of the chart next to several clusters of 1.0. Files often do not contain it. */
function isChartClassOfSeveral(name: string, world: World): boolean {
  if (atLeast(world.iomeshVersion, '1.1') || !mustNameCluster(world)) return false;
  if (!isIomeshClassName(world, name)) return false;
  const storageClass = world.get('StorageClass', undefined, name);
  return (
    storageClass === undefined || (isChartClass(world, storageClass) && namesNoCluster(world, storageClass))
  );
}

function ofChart(name: string, world: World): Violation {
  const others = iomeshClasses(world).filter((each) => !namesNoCluster(world, each));
  const target = others.length === 0 ? 'a class that names its cluster' : classByCluster(others, world);
  return {
    path: PATH,
    message: `StorageClass ${quoted(name)} of the chart always uses the management cluster, so it must not be used with ${world.count('IOMeshCluster')} IOMesh clusters`,
    help: `set ${formatPath(PATH)} to ${target}`,
  };
}

function iomeshClasses(world: World): readonly Resource[] {
  return world.memoize(IOMESH_CLASSES, () =>
    world
      .all('StorageClass')
      .filter((each) => isIomeshClass(each, world.config))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  );
}

/** The classes with their clusters: which of them is meant, only the user knows. */
function classByCluster(classes: readonly Resource[], world: World): string {
  const names = classes.map((each) => {
    const cluster = servingCluster(world, each);
    return cluster === undefined
      ? quoted(each.ref.name)
      : `${quoted(each.ref.name)} for ${quoted(clusterText(cluster))}`;
  });
  return `the class of the cluster that the PVC is meant for: ${joined(names)}`;
}

/** The class that a name most likely means: never that of another cluster, whose name is similar. */
function classMeant(name: string, world: World): string | undefined {
  const meant = suggest(
    name,
    iomeshClasses(world).map(({ ref }) => ref.name),
  );
  if (meant === undefined || !differOnlyInSpelling(meant, name)) return undefined;
  return clustersNamed(world, name).length > 0 ? undefined : meant;
}

function isIomeshName(name: string, world: World): boolean {
  if (name === DEFAULT_CLASS) return false;
  return hasWordIomesh(name) || clusterNamed(world, name) !== undefined;
}
