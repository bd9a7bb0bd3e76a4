import { classesIfSeveralClusters, createdOrDeletedCluster } from '../../iomesh/affected.ts';
import { RECREATE, misspelling } from '../../iomesh/class-parameters.ts';
import { namesNoCluster, servingCluster } from '../../iomesh/class-cluster.ts';
import type { FixEdit } from '../../base/edits.ts';
import { clusterText } from '../../iomesh/cluster.ts';
import { NO_CONNECTION_SINCE_1_1 } from '../../iomesh/connection.ts';
import { fillsAsDefault } from '../../defaults/mutate.ts';
import { changedObject, type Resource } from '../../base/model.ts';
import type { Rule, Violation } from '../../rule.ts';
import {
  classesOfConnection,
  isChartClass,
  readReference,
  type ReferenceParameter,
} from '../../iomesh/storage-class.ts';
import { either, joined, quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';
import {
  clusterBehind,
  clusterNamed,
  connectionFor,
  REFERENCE_KINDS,
  unboundReferences,
} from '../../iomesh/references.ts';

export const classUnbound: Rule = {
  code: 'IOM501',
  name: 'class-unbound',
  severity: { lint: 'error', admission: 'deny' },
  // The management cluster serves such a class: the chart creates one in every installation.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    const missing = unboundReferences(subject, world);
    const [first] = missing;
    if (first === undefined) return;
    const misspelt = missing.map((name) => misspelling(subject, name, world.iomeshVersion));
    const wrongKeys = misspelt.filter((key) => key !== undefined);
    const place = {
      path: ['parameters', wrongKeys[0] ?? first],
      part: wrongKeys.length === 0 ? undefined : ('key' as const),
      identity: subject.key,
      evidence: missing,
    };
    if (isChartClass(world, subject) && namesNoCluster(world, subject)) {
      report({ ...place, ...ofChart(world), minor: true });
      return;
    }
    const minor = usesManagement(subject, world, wrongKeys.length > 0);
    const edits = missing.flatMap((name, index): FixEdit[] => {
      const path = ['parameters', name];
      const wrongKey = misspelt[index];
      if (wrongKey !== undefined) return [{ op: 'move', from: ['parameters', wrongKey], path }];
      const value = valueFor(subject, world, name, minor);
      return value === undefined ? [] : [{ op: 'add', path, value }];
    });
    const orders = joined(
      missing.map((name, index) => {
        const wrongKey = misspelt[index];
        if (wrongKey !== undefined) return `rename parameter ${quoted(wrongKey)} to ${quoted(name)}`;
        const value = valueFor(subject, world, name, minor) ?? `<namespace>/<${REFERENCE_KINDS[name]}>`;
        return `set parameters.${name} to ${quotedInFull(value)}`;
      }),
    );
    const note = wrongKeys.length === 0 ? '' : ` (no parameter is called ${either(wrongKeys.map(quoted))})`;
    const connection = missing.indexOf('clusterConnection');
    const isWanted = connection >= 0 && misspelt[connection] === undefined;
    const later = isWanted ? `; ${NO_CONNECTION_SINCE_1_1}` : '';
    const consequence = minor
      ? `so ${managementText(world)} serves the class`
      : `but the class must name one of the ${world.count('IOMeshCluster')} IOMesh clusters`;
    report({
      ...place,
      minor,
      message: `${joined(missing)} ${missing.length === 1 ? 'is' : 'are'} missing${note}, ${consequence}`,
      help: minor
        ? `if the class is meant for another cluster, name that cluster; otherwise ${orders}; ${RECREATE}`
        : `${orders}; ${RECREATE}${later}`,
      fix:
        edits.length < missing.length
          ? undefined
          : {
              safety: fillsAsDefault(subject, world, edits) ? 'safe' : 'unsafe',
              description: orders,
              edits,
            },
    });
  },
  *affected(change, before, after) {
    yield* classesIfSeveralClusters(change, before, after);
    const changed = changedObject(change);
    // The name of a cluster, and the address in a ConfigMap, decide which cluster a class means.
    const id = createdOrDeletedCluster(change);
    const named = id === undefined ? undefined : after.get('StorageClass', undefined, id.name);
    if (named !== undefined) yield named;
    if (changed?.kind === 'ConfigMap') yield* classesOfConnection(after, changed.ref);
  },
};

/** The class of the chart: the file of a class is not there to be edited, and Helm creates a deleted one again. */
function ofChart(world: World): Pick<Violation, 'message' | 'help'> {
  return {
    message: `the class of the chart names no cluster, so ${managementText(world)} serves it; PVCs that are meant for another cluster must not use it`,
    help: `use a class that names its cluster; when no PVC names this class, set csi-driver.storageClass.create to false in the Helm values and run helm upgrade (after kubectl delete, the next helm upgrade creates the class again)`,
  };
}

/** True if the management cluster serves the class, and nothing in the class means another one. */
function usesManagement(subject: Resource, world: World, misspelt: boolean): boolean {
  if (misspelt) return false;
  if (namesNoCluster(world, subject)) return true;
  const served = servingCluster(world, subject);
  const bound = ['clusterConnection', 'iomeshCluster'] as const;
  return (
    bound.some((name) => readReference(world, subject, name).state === 'present') &&
    served !== undefined &&
    world.isManagement(served)
  );
}

/** Without its name if it is not in this world: it may be another one than the configured. */
function managementText(world: World): string {
  if (world.management === undefined) return 'the management cluster';
  return `the management cluster ${quoted(clusterText(world.config.managementCluster))}`;
}

/**
 * The value of a missing reference, derived from the other one or from the name of the class. `minor`: otherwise
 * that of the management cluster.
 */
function valueFor(
  subject: Resource,
  world: World,
  name: ReferenceParameter,
  minor: boolean,
): string | undefined {
  const management = minor && world.management !== undefined ? world.config.managementCluster : undefined;
  const named = clusterNamed(world, subject.ref.name) ?? management;
  if (name === 'iomeshCluster') {
    const connection = readReference(world, subject, 'clusterConnection');
    if (connection.state === 'present') return clusterBehind(world, connection.id);
    return connection.state === 'absent' && named !== undefined ? clusterText(named) : undefined;
  }
  const cluster = readReference(world, subject, 'iomeshCluster');
  if (cluster.state === 'present') return connectionFor(world, cluster.id);
  return cluster.state === 'absent' && named !== undefined ? connectionFor(world, named) : undefined;
}
