import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import { type HelpText, withFields } from '../../base/help-text.ts';
import { plural, quotedList } from '../../base/text.ts';
import { readField } from '../../schema/read-field.ts';
import { nodesMatching } from '../../iomesh/nodes.ts';
import type { Path } from '../../base/path.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { hostnames } from '../../node-selector/index.ts';
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

/** Missing nodes that count as evidence one by one. */
const MAX_LACKING = 256;

/** IOM106: a component has more replicas than nodes it can run on. */
export const tooFewNodes: Rule = {
  code: 'IOM106',
  name: 'too-few-nodes',
  severity: { lint: 'error', admission: 'deny' },
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    for (const each of placementsOf(world, subject)) {
      const field = replicasPath(each);
      if (field === undefined) continue;
      const replicas = countOf(readField(world, subject, field).value);
      const nodes = nodesOf(world, each);
      if (replicas === undefined || nodes === undefined || replicas <= nodes.length) continue;
      const lacking = replicas - nodes.length;
      const names = nodes.length === 0 ? '' : `: ${quotedList(nodes, 5)}`;
      const counted =
        nodes.length === 0 ? 'no known node' : `only ${nodes.length} ${plural(nodes.length, 'node')}`;
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
        help: helpOf(each, field, replicas, nodes.length, world),
        evidence: Array.from({ length: Math.min(lacking, MAX_LACKING) }, (_, index) => `lacks ${index + 1}`),
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

/** The names of the nodes a component can run on; undefined if they are unknown. */
function nodesOf(world: World, placement: ComponentPlacement): readonly string[] | undefined {
  const selection = usableSelection(placement);
  if (selection === undefined) return undefined;
  // An unknown name is most likely a misspelling (IOM107): it counts as the node that was meant.
  const known = listsUnknownNode(world, placement) ? undefined : nodesMatching(world, selection);
  return known?.map(({ name }) => name) ?? hostnames(selection);
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}
