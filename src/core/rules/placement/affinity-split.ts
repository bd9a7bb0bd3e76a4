import {
  CLUSTER_KINDS,
  clusterOf,
  clusterText,
  type Component,
  existingObjectsOf,
} from '../../iomesh/cluster.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { nodesMatching } from '../../iomesh/nodes.ts';
import type { Rule } from '../../rule.ts';
import { hostnames, sameSelection } from '../../node-selector/index.ts';
import type { World } from '../../world.ts';
import { objectsOfSameCluster, placedObjectsIfNodesChange } from '../../iomesh/affected.ts';
import {
  claimingPlacements,
  type ComponentPlacement,
  KEEP_NODES,
  usableSelection,
} from '../../iomesh/placement.ts';
import { hasReadyPods } from '../../iomesh/replicas.ts';
import { listsUnknownNode } from '../../iomesh/listed-nodes.ts';
import { selectionText } from '../../iomesh/selection-text.ts';
import { joined, quotedList, without } from '../../base/text.ts';

/** IOM105: the components of one cluster are not all on the same nodes. */
export const affinitySplit: Rule = {
  code: 'IOM105',
  name: 'affinity-split',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'shown',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    const id = clusterOf(subject.ref);
    if (id === undefined) return;
    const groups = groupBySelection(world, components(world, subject));
    const majority = groups.reduce((a, b) => (b.length > a.length ? b : a), groups[0] ?? []);
    const outliers = groups.filter((group) => group !== majority).flat();
    const [first] = outliers;
    const [usual] = majority;
    if (first === undefined || usual === undefined) return;
    // The selection of most components can be one without the nodes that run the pods.
    const isRunning =
      world.change?.before !== undefined || groups.flat().some(({ resource }) => hasReadyPods(resource));
    const names = joined(majority.map(({ component }) => component));
    report({
      subject: first.resource,
      path: first.placement.path,
      part: 'key',
      message: `${joined(outliers.map(({ component }) => component))} of ${displayName(id)} ${outliers.length === 1 ? 'does' : 'do'} not select the same nodes as ${names}${difference(first, usual)}`,
      label: first.component,
      related: [{ resource: usual.resource, path: usual.placement.path, part: 'key', message: names }],
      help: isRunning
        ? `use the same node selection for every component of the cluster; ${KEEP_NODES}`
        : `use the node selection of ${usual.component} for every component of the cluster: ${textOf(usual)}`,
      fix: {
        safety: 'shown',
        description: isRunning
          ? 'use the same node selection for every component'
          : `copy the node selection of ${usual.component}`,
      },
      identity: clusterText(id),
      evidence: pairs(groups),
      // It concerns all components, so either object may report it.
      symmetric: true,
      objects: groups.flat().map(({ resource }) => resource),
    });
  },
  affected(change, before, after) {
    return [
      ...objectsOfSameCluster(change, before, after),
      ...placedObjectsIfNodesChange(change, before, after),
    ];
  },
};

/** The components of a subject's cluster whose selection can be compared. */
function components(world: World, subject: Resource): readonly ComponentPlacement[] {
  const id = clusterOf(subject.ref);
  return (id === undefined ? [] : existingObjectsOf(world, id))
    .flatMap((resource) => claimingPlacements(world, resource))
    .filter((each) => usableSelection(each) !== undefined && !listsUnknownNode(world, each));
}

function groupBySelection(
  world: World,
  placements: readonly ComponentPlacement[],
): readonly (readonly ComponentPlacement[])[] {
  const groups: ComponentPlacement[][] = [];
  for (const each of placements) {
    const group = groups.find(([member]) => member !== undefined && sameNodes(world, member, each));
    if (group === undefined) groups.push([each]);
    else group.push(each);
  }
  return groups;
}

function sameNodes(world: World, a: ComponentPlacement, b: ComponentPlacement): boolean {
  const [first, second] = [usableSelection(a), usableSelection(b)];
  if (first === undefined || second === undefined || sameSelection(first, second)) return true;
  const [here, there] = [nodesMatching(world, first), nodesMatching(world, second)];
  if (here === undefined || there === undefined || here.length === 0) return false;
  const names = new Set(there.map(({ name }) => name));
  return here.length === there.length && here.every(({ name }) => names.has(name));
}

/** The hostnames that only one of two selections lists. */
function difference(outlier: ComponentPlacement, usual: ComponentPlacement): string {
  const [mine, theirs] = [listOf(outlier), listOf(usual)];
  if (mine === undefined || theirs === undefined) return '';
  const surplus = without(mine, theirs);
  const lacking = without(theirs, mine);
  const parts = [
    ...(surplus.length > 0 ? [`also selects ${quotedList(surplus)}`] : []),
    ...(lacking.length > 0 ? [`does not select ${quotedList(lacking)}`] : []),
  ];
  return parts.length === 0 ? '' : `: ${outlier.component} ${parts.join(' and ')}`;
}

function listOf(placement: ComponentPlacement): readonly string[] | undefined {
  const selection = usableSelection(placement);
  return selection === undefined ? undefined : hostnames(selection);
}

function textOf(placement: ComponentPlacement): string {
  const list = listOf(placement);
  const selection = usableSelection(placement);
  if (list !== undefined) return quotedList(list, 8);
  return selection === undefined ? '' : selectionText(selection);
}

/** Every two components that differ; the finding is new if another two do. */
function pairs(groups: readonly (readonly ComponentPlacement[])[]): readonly string[] {
  const all: string[] = [];
  const add = (a: Component, b: Component) => all.push([a, b].sort().join('|'));
  groups.forEach((group, index) => {
    for (const other of groups.slice(index + 1))
      for (const a of group) for (const b of other) add(a.component, b.component);
  });
  return all;
}
