import { type ComponentPlacement, placementsOf } from '../../iomesh/cluster.ts';
import { requiredAffinityPath } from '../../iomesh/default-affinity.ts';
import { at } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { hostnames, sameSelection } from '../../node-selector/index.ts';
import { PLACED_KINDS, usableSelection } from '../../iomesh/placement.ts';
import { selectionText } from '../../iomesh/selection-text.ts';
import { joined, quotedList, without } from '../../base/text.ts';

/** IOM109: the placement of a running cluster changes, but its pods stay where they are. */
export const affinityMoved: Rule = {
  code: 'IOM109',
  name: 'affinity-moved',
  severity: { lint: 'none', admission: 'warn' },
  kinds: PLACED_KINDS,
  doc: {
    summary: 'An update changes which nodes the components of a cluster that is there already may run on.',
    why: `Chunk, meta and ZooKeeper pods are bound to the disks of their node and cannot move after installation. A node that is taken
out of the selector keeps its pod until that pod restarts, which then finds no node. Nodes that are added serve new replicas only.
A cluster counts as running as soon as its object is stored, since the webhook is not told of every status; not while it is being deleted,
and not where the old selector matched no node, so that nothing can have started.`,
    bad: `# update of a running cluster
values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]
# becomes
values: [k8s-worker-3, k8s-worker-4, k8s-worker-6]`,
    good: `# update of a running cluster, to grow it
values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]
# becomes, and the warning tells that nothing moves
values: [k8s-worker-3, k8s-worker-4, k8s-worker-5, k8s-worker-6]`,
    remedy: `To grow, add nodes and then raise the replicas by one at a time: the warning can be passed over. To leave a node, follow the
vendor's procedure for replacing it; editing the selector alone moves nothing.`,
    basis:
      'vendor: the operations guide says that these pods cannot move to another node after installation.',
  },
  checkChange({ before, after }, was, is, report) {
    if (before === undefined || after === undefined || isBeingDeleted(after)) return;
    const old = new Map(placementsOf(was, before).map((each) => [each.component, each]));
    const moved = placementsOf(is, after).flatMap((now) => {
      const then = old.get(now.component);
      return then !== undefined && differs(then, now) ? [{ then, now }] : [];
    });
    const [first] = moved;
    if (first === undefined) return;
    const names = moved.map(({ now }) => now.component);
    report({
      path:
        usableSelection(first.now) === undefined ? requiredAffinityPath(first.now) : first.now.placement.path,
      part: 'key',
      message: `${joined(names)} ${names.length === 1 ? 'is' : 'are'} placed anew${difference(first.then, first.now)}; pods that run stay where they are`,
      label: `was ${placementText(first.then)}`,
      help: 'keep every node that runs a pod of this cluster in the selection; added nodes serve new replicas only',
      identity: after.key,
      evidence: names,
    });
  },
};

function isBeingDeleted(resource: Resource): boolean {
  return at(resource.json, ['metadata', 'deletionTimestamp']) !== undefined;
}

function differs(then: ComponentPlacement, now: ComponentPlacement): boolean {
  const [old, next] = [usableSelection(then), usableSelection(now)];
  // Where nothing could run before, nothing moves; where nothing can now, that is said as such.
  const dead = (each: ComponentPlacement) =>
    each.placement.selection !== undefined && usableSelection(each) === undefined;
  if (dead(then) || dead(now)) return false;
  if (old === undefined || next === undefined) return old !== next;
  return !sameSelection(old, next);
}

function difference(then: ComponentPlacement, now: ComponentPlacement): string {
  const [old, next] = [listOf(then), listOf(now)];
  if (old === undefined || next === undefined) return ` (${formatPath(now.path)}: ${placementText(now)})`;
  const gone = without(old, next);
  const added = without(next, old);
  const parts = [
    ...(gone.length > 0 ? [`without ${quotedList(gone)}`] : []),
    ...(added.length > 0 ? [`with ${quotedList(added)}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${now.component} ${parts.join(', ')})`;
}

function listOf(placement: ComponentPlacement): readonly string[] | undefined {
  const selection = usableSelection(placement);
  return selection === undefined ? undefined : hostnames(selection);
}

function placementText(placement: ComponentPlacement): string {
  const selection = usableSelection(placement);
  return selection === undefined ? 'any node' : selectionText(selection);
}
