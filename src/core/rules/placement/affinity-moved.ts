import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import { requiredAffinityPath } from '../../iomesh/default-affinity.ts';
import { isBeingDeleted } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { hostnames, overlaps, sameSelection } from '../../node-selector/index.ts';
import {
  claimingPlacements,
  type ComponentPlacement,
  KEEP_NODES,
  usableSelection,
} from '../../iomesh/placement.ts';
import { nodesMatching } from '../../iomesh/nodes.ts';
import { hasReadyPods } from '../../iomesh/replicas.ts';
import type { World } from '../../world.ts';
import { selectionText } from '../../iomesh/selection-text.ts';
import { joined, quotedList, without } from '../../base/text.ts';

/** IOM109: the node selection of a running cluster changes, but its pods stay where they are. */
export const affinityMoved: Rule = {
  code: 'IOM109',
  name: 'affinity-moved',
  severity: { lint: 'none', admission: 'deny' },
  // Only a cluster that runs and keeps none of its nodes is denied.
  minor: { lint: 'none', admission: 'warn' },
  waivedBy: 'owner',
  kinds: CLUSTER_KINDS,
  checkChange({ before, after }, was, is, report) {
    if (before === undefined || after === undefined || isBeingDeleted(after)) return;
    const old = new Map(claimingPlacements(was, before).map((each) => [each.component, each]));
    const moved = claimingPlacements(is, after).flatMap((now) => {
      const then = old.get(now.component);
      return then !== undefined && differs(then, now) ? [{ then, now }] : [];
    });
    const [first] = moved;
    if (first === undefined) return;
    const names = moved.map(({ now }) => now.component);
    const left = hasReadyPods(before) ? moved.find(({ then, now }) => leavesAll(is, then, now)) : undefined;
    const shown = left ?? first;
    report({
      path:
        usableSelection(shown.now) === undefined ? requiredAffinityPath(shown.now) : shown.now.placement.path,
      part: 'key',
      message: `the node selection of ${joined(names)} changes (${difference(shown.then, shown.now)}), but ${left === undefined ? 'running pods stay on their nodes' : 'none of the nodes remains on which the cluster has its data'}`,
      label: `previously ${placementText(shown.then)}`,
      help:
        left === undefined
          ? `${KEEP_NODES}; added nodes are used only for new replicas`
          : `${KEEP_NODES}, and replace one node at a time; to move the data to other nodes, create a new pool there`,
      identity: after.key,
      evidence: left === undefined ? names : [...names, 'all nodes'],
      minor: left === undefined,
    });
  },
};

/** True if a component can run on none of the nodes on which it could run before. */
function leavesAll(world: World, then: ComponentPlacement, now: ComponentPlacement): boolean {
  const [old, next] = [usableSelection(then), usableSelection(now)];
  if (old === undefined || next === undefined) return false;
  // A listed node counts even if it is down.
  if (hostnames(old) !== undefined && hostnames(next) !== undefined) return overlaps(old, next).length === 0;
  const [left, taken] = [nodesMatching(world, old) ?? [], nodesMatching(world, next) ?? []];
  return left.length > 0 && taken.length > 0 && !left.some((node) => taken.includes(node));
}

function differs(then: ComponentPlacement, now: ComponentPlacement): boolean {
  const [old, next] = [usableSelection(then), usableSelection(now)];
  // No pod ran before, so none can move; a selection that matches no node is IOM104.
  const dead = (each: ComponentPlacement) =>
    each.placement.selection !== undefined && usableSelection(each) === undefined;
  if (dead(then) || dead(now)) return false;
  if (old === undefined || next === undefined) return old !== next;
  return !sameSelection(old, next);
}

function difference(then: ComponentPlacement, now: ComponentPlacement): string {
  const [old, next] = [listOf(then), listOf(now)];
  const whole = `${formatPath(now.path)}: now ${placementText(now)}`;
  if (old === undefined || next === undefined) return whole;
  const gone = without(old, next);
  const added = without(next, old);
  const parts = [
    ...(gone.length > 0 ? [`${quotedList(gone)} removed`] : []),
    ...(added.length > 0 ? [`${quotedList(added)} added`] : []),
  ];
  return parts.length === 0 ? whole : `${now.component}: ${parts.join(', ')}`;
}

function listOf(placement: ComponentPlacement): readonly string[] | undefined {
  const selection = usableSelection(placement);
  return selection === undefined ? undefined : hostnames(selection);
}

function placementText(placement: ComponentPlacement): string {
  const selection = usableSelection(placement);
  return selection === undefined ? 'any node' : selectionText(selection);
}
