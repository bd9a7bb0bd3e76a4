import {
  CLUSTER_KINDS,
  type ClusterId,
  clusterOf,
  clusterText,
  existingObjectsOf,
} from '../../iomesh/cluster.ts';
import { describe, displayName, type Resource } from '../../base/model.ts';
import { joined } from '../../base/text.ts';
import { addException } from '../../base/waivers.ts';
import { relatedObject } from '../../finding.ts';
import { claimsOf } from '../../iomesh/node-claims.ts';
import {
  type ComponentPlacement,
  placedObjectsWith,
  requiresNodeSelection,
  unplacedComponents,
} from '../../iomesh/placement.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';

/** IOM110: a cluster is created on nodes that another cluster may use, because it selects none. */
export const affinityMissingElsewhere: Rule = {
  code: 'IOM110',
  name: 'affinity-missing-elsewhere',
  severity: { lint: 'none', admission: 'deny' },
  // The other object of the cluster exists, so nothing new comes to these nodes.
  minor: { lint: 'none', admission: 'warn' },
  kinds: CLUSTER_KINDS,
  checkChange({ before, after }, was, is, report) {
    const id = before === undefined && after !== undefined ? clusterOf(after.ref) : undefined;
    if (after === undefined || id === undefined || !requiresNodeSelection(is)) return;
    // The management cluster can always be created again. A cluster without a node selection is IOM102.
    if (is.isManagement(id) || claimsOf(is, after).length === 0) return;
    const isKnown = existingObjectsOf(was, id).some((each) => claimsOf(was, each).length > 0);
    for (const [cluster, unplaced] of unplacedByCluster(is, id)) {
      const objects = [...new Set(unplaced.map(({ resource }) => resource))];
      report({
        path: [],
        message: `${joined(unplaced.map(({ component }) => component))} of ${cluster} can run on any node, also on the nodes of ${displayName(id)}`,
        help: `first set a required nodeAffinity for the nodes that run its pods in ${joined(objects.map(({ ref }) => describe(ref)))}, then create this object again; if its pods can never run on the nodes of ${displayName(id)}, for example because of taints, ${addException('IOM110')}`,
        minor: isKnown,
        identity: `${after.key}|${cluster}`,
        related: objects.map((each) => relatedObject(each, `${describe(each.ref)} selects no nodes`)),
      });
    }
  },
};

/** The components of other clusters that can run on any node. */
function unplacedByCluster(world: World, own: ClusterId): ReadonlyMap<string, readonly ComponentPlacement[]> {
  const found = new Map<string, ComponentPlacement[]>();
  for (const each of placedObjectsWith(world, isUnplaced)) {
    const cluster = clusterText(clusterOf(each.ref)!);
    if (cluster === clusterText(own)) continue;
    found.set(cluster, [...(found.get(cluster) ?? []), ...unplacedComponents(world, each)]);
  }
  return found;
}

function isUnplaced(world: World, resource: Resource): boolean {
  return unplacedComponents(world, resource).length > 0;
}
