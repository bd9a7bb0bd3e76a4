import { objectAt } from '../../finding.ts';
import { clusterOf, followers } from '../../iomesh/cluster.ts';
import { displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { joined } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { deleteCommand, removalCommands } from '../../iomesh/removal.ts';

/** Clusters whose commands are written out; of more, they are likewise. */
const MAX_SPELLED = 3;
const MAX_RELATED = 5;

/** IOM601: the management cluster goes while clusters that need its operator are still there. */
export const managementDeletedFirst: Rule = {
  code: 'IOM601',
  name: 'management-deleted-first',
  severity: { lint: 'none', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  checkChange({ before, after }, _was, world, report) {
    if (before === undefined || after !== undefined || !world.isManagement(before.ref)) return;
    const others = followers(world);
    if (others.length === 0) return;
    const sorted = [...others].sort((a, b) => (a.key < b.key ? -1 : 1));
    report({
      path: ['metadata', 'name'],
      message: `${displayName(before.ref)} is the management cluster, and ${others.length === 1 ? 'another IOMesh cluster needs' : `${others.length} other IOMesh clusters need`} its operator and CSI driver: ${joined(sorted.map(text), 5)}`,
      help: `take the others away first: ${commands(world, sorted)}; then ${deleteCommand(before.ref)}`,
      related: sorted
        .slice(0, MAX_RELATED)
        .map((each) => objectAt(each, `${displayName(each.ref)} is still there`)),
    });
  },
};

function text(cluster: Resource): string {
  const name = displayName(cluster.ref);
  return isBeingDeleted(cluster) ? `${name} (being deleted, which needs the operator too)` : name;
}

function commands(world: World, clusters: readonly Resource[]): string {
  const spelled = clusters.slice(0, MAX_SPELLED).flatMap(({ ref }) => {
    const id = clusterOf(ref);
    return id === undefined ? [] : removalCommands(world, id);
  });
  const more = clusters.length - MAX_SPELLED;
  return `${spelled.join(' && ')}${more > 0 ? ` (and likewise for ${more} more)` : ''}`;
}
