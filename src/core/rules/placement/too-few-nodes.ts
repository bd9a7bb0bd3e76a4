import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import { type HelpText, withFields } from '../../base/help-text.ts';
import { plural, quotedList } from '../../base/text.ts';
import { readField } from '../../schema/read-field.ts';
import { asksForName, nodesMatching } from '../../iomesh/nodes.ts';
import type { Path } from '../../base/path.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { hostnames, type Requirement, type Selection } from '../../node-selector/index.ts';
import type { World } from '../../world.ts';
import { placedObjectsIfNodesChange } from '../../iomesh/affected.ts';
import { type ComponentPlacement, placementsOf, usableSelection } from '../../iomesh/placement.ts';
import {
  FEWEST_REPLICAS,
  loweringCondition,
  replicaCountError,
  supportedReplicas,
} from '../../iomesh/replicas.ts';
import { listsUnknownNode } from '../../iomesh/listed-nodes.ts';
import { selectionText } from '../../iomesh/selection-text.ts';

/** Missing nodes that count as evidence one by one. */
const MAX_LACKING = 256;

/** IOM106: a component has more replicas than nodes it can run on. */
export const tooFewNodes: Rule = {
  code: 'IOM106',
  name: 'too-few-nodes',
  severity: { lint: 'error', admission: 'deny' },
  // The selection can match more nodes than there are now: a node can join, return or get a label.
  minor: { lint: 'warning', admission: 'warn' },
  waivedBy: 'owner',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    for (const each of placementsOf(world, subject)) {
      const field = replicasPath(each);
      const selection = usableSelection(each);
      if (field === undefined || selection === undefined) continue;
      const replicas = countOf(readField(world, subject, field).value);
      const [nodes, minor] = nodesOf(world, each, selection, replicas) ?? [];
      if (replicas === undefined || nodes === undefined || replicas <= nodes.length) continue;
      const lacking = replicas - nodes.length;
      const names = nodes.length === 0 ? '' : `: ${quotedList(nodes, 5)}`;
      const counted =
        nodes.length === 0 ? 'no known node' : `only ${nodes.length} ${plural(nodes.length, 'node')}`;
      const evidence = minor ? 'no node' : 'lacks';
      report({
        path: field,
        message: `${each.component} has ${replicas} replicas but can run on ${counted}${names}`,
        label: `${replicas} replicas`,
        related: [
          {
            resource: subject,
            path: each.placement.path,
            part: 'key',
            message: `${counted.replace('only ', '')}, ${formatPath(each.placement.path)}`,
          },
        ],
        help: minor ? moreNodesHelp(selection, lacking) : helpOf(each, field, replicas, nodes.length, world),
        minor,
        evidence: Array.from(
          { length: Math.min(lacking, MAX_LACKING) },
          (_, index) => `${evidence} ${index + 1}`,
        ),
      });
    }
  },
  affected: placedObjectsIfNodesChange,
};

/** Names only numbers that IOM603 accepts. */
function helpOf(
  { component }: ComponentPlacement,
  field: Path,
  replicas: number,
  nodes: number,
  world: World,
): HelpText {
  if (component === 'redirector') return '';
  const valid = replicaCountError(component, replicas)?.transient ?? true;
  const wanted = valid ? replicas : (supportedReplicas(component, replicas) ?? FEWEST_REPLICAS);
  const more = wanted - nodes;
  const allow = `allow ${more} more ${plural(more, 'node')}`;
  const both = wanted === replicas ? allow : withFields`${allow} and set ${field} to ${wanted}`;
  const fitting = supportedReplicas(component, nodes);
  if (fitting === undefined) return both;
  const lower = withFields`set ${field} to ${fitting} (${loweringCondition(component, world.iomeshVersion)})`;
  return more > 0 ? withFields`${both}, or ${lower}` : lower;
}

function replicasPath({ component, owner }: ComponentPlacement): Path | undefined {
  return component === 'redirector' ? undefined : [...owner, 'replicas'];
}

/**
 * The names of the nodes a component can run on, and whether other nodes could be added without a change of
 * the selection; undefined if the nodes are unknown.
 */
function nodesOf(
  world: World,
  placement: ComponentPlacement,
  selection: Selection,
  replicas = 0,
): readonly [nodes: readonly string[], minor: boolean] | undefined {
  const listed = hostnames(selection);
  if (listed !== undefined && listed.length < replicas) return [listed, false];
  // A listed node that is unknown is IOM107.
  const known = listsUnknownNode(world, placement) ? undefined : nodesMatching(world, selection);
  return known && [known.map(({ name }) => name), true];
}

/** How nodes that a selection does not match yet come to match it. */
function moreNodesHelp(selection: Selection, count: number): string {
  const labels = selection.terms[0]?.requirements.filter((each) => !listsNames(each)).map(labelOf) ?? [];
  const nodes = `${count} more ${plural(count, 'node')}`;
  return labels.length === 0 || labels.includes(undefined)
    ? `label ${nodes} so that ${plural(count, 'it matches', 'they match')} ${selectionText(selection)}`
    : `label ${nodes}: kubectl label node NODE ${labels.join(' ')}`;
}

function listsNames(requirement: Requirement): boolean {
  return requirement.operator === 'In' && asksForName(requirement);
}

/** The label that satisfies a requirement, as `kubectl label` takes it; undefined if there is none. */
function labelOf({ kind, key, operator, values }: Requirement): string | undefined {
  const [value = ''] = values;
  const isSet = operator === 'In' || operator === 'Exists';
  return kind === 'label' && isSet && /^[\w./-]*$/.test(`${key}${value}`) ? `${key}=${value}` : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}
