import { relatedObject } from '../../finding.ts';
import { clusterOf, poolClusters } from '../../iomesh/cluster.ts';
import { displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { joined, plural } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { deleteCommand, removalCommands } from '../../iomesh/removal.ts';

/** The help lists the commands of so many clusters. */
const MAX_LISTED = 3;
const MAX_RELATED = 5;

/** IOM601: the management cluster is deleted while other IOMesh clusters need its operator. */
export const managementDeletedFirst: Rule = {
  code: 'IOM601',
  name: 'management-deleted-first',
  severity: { lint: 'none', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  checkChange({ before, after }, _was, world, report) {
    if (before === undefined || after !== undefined || !world.isManagement(before.ref)) return;
    const others = poolClusters(world);
    if (others.length === 0) return;
    const sorted = [...others].sort((a, b) => (a.key < b.key ? -1 : 1));
    report({
      path: ['metadata', 'name'],
      message: `${displayName(before.ref)} is the management cluster, but ${others.length === 1 ? 'another IOMesh cluster needs' : `${others.length} other IOMesh clusters need`} its operator and CSI driver: ${joined(sorted.map(clusterLabel), 5)}`,
      help: `delete the other clusters first: ${commands(world, sorted)}; then ${deleteCommand(before.ref)}`,
      related: sorted
        .slice(0, MAX_RELATED)
        .map((each) => relatedObject(each, `${displayName(each.ref)} still exists`)),
    });
  },
};

function clusterLabel(cluster: Resource): string {
  const name = displayName(cluster.ref);
  return isBeingDeleted(cluster) ? `${name} (being deleted, which also needs the operator)` : name;
}

function commands(world: World, clusters: readonly Resource[]): string {
  const listed = clusters.slice(0, MAX_LISTED).flatMap(({ ref }) => {
    const id = clusterOf(ref);
    return id === undefined ? [] : removalCommands(world, id);
  });
  const more = clusters.length - MAX_LISTED;
  return `${listed.join(' && ')}${more > 0 ? ` (and the same for ${more} more ${plural(more, 'cluster')})` : ''}`;
}
