import { relatedObject } from '../../finding.ts';
import { atLeast } from '../../base/iomesh-version.ts';
import { type ClusterId, clusterOf, objectsOf } from '../../iomesh/cluster.ts';
import { managementRole } from '../../iomesh/management.ts';
import { describe, displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { joined, plural } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { planRemoval } from '../../iomesh/removal.ts';
import { volumesOfCluster, volumesText } from '../../iomesh/volumes.ts';

/** The help names the commands of so many clusters. */
const MAX_PLANNED = 3;
const MAX_RELATED = 5;

/** IOM601: the management cluster is deleted while other IOMesh clusters need its operator. */
export const managementDeletedFirst: Rule = {
  code: 'IOM601',
  name: 'management-deleted-first',
  severity: { lint: 'none', admission: 'deny' },
  minor: { lint: 'none', admission: 'warn' },
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  checkChange({ before, after }, was, _is, report) {
    if (before === undefined || after !== undefined) return;
    const cluster = clusterLost(was, before);
    const role = cluster === undefined ? undefined : managementRole(was, cluster);
    if (cluster === undefined || role === undefined) return;
    const others = was
      .all('IOMeshCluster')
      .filter(({ key }) => key !== cluster.key)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    if (others.length === 0) return;
    // From 1.1 on, the vendor removes all clusters by removing the first one.
    const removesAll = atLeast(was.iomeshVersion, '1.1');
    const volumes = removesAll ? volumesOfAll(was, others) : [];
    const needs =
      others.length === 1 ? 'another IOMesh cluster needs' : `${others.length} other IOMesh clusters need`;
    report({
      path: ['metadata', 'name'],
      message: `${displayName(cluster.ref)}${cluster === before ? '' : `, which needs ${describe(before.ref)},`} is ${role}, but ${needs} its operator and CSI driver: ${joined(others.map(clusterLabel), 5)}${volumes.length === 0 ? '' : `, with ${volumesText(volumes)}`}`,
      help: helpOf(was, others, removesAll),
      minor: removesAll && volumes.length === 0,
      related: others
        .slice(0, MAX_RELATED)
        .map((each) => relatedObject(each, `${displayName(each.ref)} still exists`)),
    });
  },
};

/**
 * The IOMeshCluster that is deleted, or that cannot run without the ZookeeperCluster that is. `helm uninstall`
 * deletes both, so a denial of one would leave half a cluster.
 */
function clusterLost(world: World, deleted: Resource): Resource | undefined {
  if (deleted.kind === 'IOMeshCluster') return deleted;
  const id = deleted.kind === 'ZookeeperCluster' ? clusterOf(deleted.ref) : undefined;
  const { cluster } = id === undefined ? {} : objectsOf(world, id);
  return cluster === undefined || isBeingDeleted(cluster) ? undefined : cluster;
}

function volumesOfAll(world: World, clusters: readonly Resource[]): readonly Resource[] {
  const all = new Map<string, Resource>();
  for (const id of idsOf(clusters)) for (const each of volumesOfCluster(world, id)) all.set(each.key, each);
  return [...all.values()];
}

function idsOf(clusters: readonly Resource[]): readonly ClusterId[] {
  return clusters.flatMap(({ ref }) => clusterOf(ref) ?? []);
}

function clusterLabel(cluster: Resource): string {
  const name = displayName(cluster.ref);
  return isBeingDeleted(cluster) ? `${name} (being deleted, which also needs the operator)` : name;
}

function helpOf(world: World, others: readonly Resource[], removesAll: boolean): string {
  const leaving = others.filter(isBeingDeleted);
  const staying = others.filter((each) => !isBeingDeleted(each));
  const steps = [
    ...(leaving.length === 0
      ? []
      : [
          `wait until ${joined(
            leaving.map(({ ref }) => displayName(ref)),
            4,
          )} ${leaving.length === 1 ? 'is' : 'are'} gone`,
        ]),
    ...(staying.length === 0 ? [] : [plans(world, staying)]),
  ];
  const rest = removesAll ? '; without their volumes all clusters can be removed at once' : '';
  return `${steps.join('; ')}${rest}`;
}

function plans(world: World, clusters: readonly Resource[]): string {
  const commands = idsOf(clusters.slice(0, MAX_PLANNED)).map((id) => planRemoval(world, id));
  const more = clusters.length - commands.length;
  return `remove this cluster last; ${joined(commands)}${more > 0 ? ` (and the same for ${more} more ${plural(more, 'cluster')})` : ''} ${clusters.length === 1 ? 'prints' : 'print'} the steps before; kubectl get pv lists the volumes that would be lost`;
}
