import { changedObject, type Resource } from '../../base/model.ts';
import type { ObjectIndex } from '../../base/objects.ts';
import { formatPath, type Path } from '../../base/path.ts';
import { asString, at } from '../../base/json.ts';
import { quoted } from '../../base/text.ts';
import { relatedObject } from '../../finding.ts';
import { isIomeshClassName, servingClusterByName } from '../../iomesh/class-cluster.ts';
import { CLUSTER_KINDS, clusterOf, clusterText } from '../../iomesh/cluster.ts';
import { classesOfConnection, DEFAULT_CLASS } from '../../iomesh/storage-class.ts';
import type { Rule } from '../../rule.ts';
import { readString } from '../../schema/read-field.ts';

/** The field of each kind that names the class of the cluster's own volumes. */
const FIELDS = {
  IOMeshCluster: ['spec', 'storageClass'],
  ZookeeperCluster: ['spec', 'persistence', 'spec', 'storageClassName'],
} as const satisfies Record<(typeof CLUSTER_KINDS)[number], Path>;

const BY_CLASS: readonly ObjectIndex[] = CLUSTER_KINDS.map((kind) => ({
  kind,
  keys: (resource) => {
    const name = asString(at(resource.json, FIELDS[kind]));
    return name === undefined ? [] : [name];
  },
}));

export const classOfClusterItself: Rule = {
  code: 'IOM519',
  name: 'class-of-cluster-itself',
  severity: { lint: 'error', admission: 'deny' },
  minor: { lint: 'warning', admission: 'warn' },
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    const path = subject.kind === 'IOMeshCluster' ? FIELDS.IOMeshCluster : FIELDS.ZookeeperCluster;
    const field = readString(world, subject, path);
    if (field.state !== 'present' || !isIomeshClassName(world, field.value)) return;
    const own = clusterOf(subject.ref);
    const serving = servingClusterByName(world, field.value);
    const itself = own !== undefined && serving !== undefined && clusterText(own) === clusterText(serving);
    const storageClass = world.get('StorageClass', undefined, field.value);
    const served = itself
      ? 'is served by this cluster itself, so the cluster cannot start'
      : serving === undefined
        ? 'is of IOMesh, so this cluster cannot start before another IOMesh cluster'
        : `is served by IOMesh cluster ${quoted(clusterText(serving))}, so this cluster cannot start before that one`;
    report({
      path,
      minor: !itself,
      message: `StorageClass ${quoted(field.value)} ${served}`,
      help: `set ${formatPath(path)} to a class of local storage, such as "hostpath" of the vendor's chart; change it before the cluster is created, because existing volumes keep their class`,
      related: storageClass === undefined ? [] : [relatedObject(storageClass, `StorageClass ${field.value}`)],
    });
  },
  *affected(change, _before, after) {
    const changed = changedObject(change);
    const classes: Resource[] = [];
    if (changed?.kind === 'StorageClass') classes.push(changed);
    if (changed?.kind === 'ConfigMap') classes.push(...classesOfConnection(after, changed.ref));
    const names = new Set(classes.map(({ ref }) => ref.name));
    // Without references a class is that of the management cluster, if it exists.
    if (changed !== undefined && after.isManagement(changed.ref)) {
      names.add(DEFAULT_CLASS);
      for (const each of after.all('StorageClass')) names.add(each.ref.name);
    }
    for (const name of names) for (const index of BY_CLASS) yield* after.find(index, name);
  },
};
