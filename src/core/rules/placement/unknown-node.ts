import { CLUSTER_KINDS } from '../../iomesh/cluster.ts';
import type { FixEdit } from '../../base/edits.ts';
import type { Resource } from '../../base/model.ts';
import { knownNodes } from '../../iomesh/nodes.ts';
import { formatPath } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { placedObjectsIfNodesChange } from '../../iomesh/affected.ts';
import { placementsOf } from '../../iomesh/placement.ts';
import { isUnknownNode, type ListedNode, listedNodes, valuePath } from '../../iomesh/listed-nodes.ts';
import { differOnlyInSpelling } from '../../base/suggest.ts';
import { quoted, quotedList } from '../../base/text.ts';

/** Further unknown nodes of one object share one finding. */
const MAX_FINDINGS = 16;
/** Further places of one name that a finding shows. */
const MAX_PLACES = 8;

/** IOM107: a selector names a node that is not among the known nodes. */
export const unknownNode: Rule = {
  code: 'IOM107',
  name: 'unknown-node',
  severity: { lint: 'error', admission: 'warn' },
  // A Node object comes and goes with its node: without a similar name, the node most likely left.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    if (knownNodes(world) === undefined) return;
    const byName = new Map<string, ListedNode[]>();
    for (const placement of placementsOf(world, subject)) {
      for (const listed of listedNodes(placement)) {
        if (!isUnknownNode(world, listed)) continue;
        const places = byName.get(listed.name);
        if (places === undefined) byName.set(listed.name, [listed]);
        else places.push(listed);
      }
    }
    const names = [...byName.keys()];
    const apart = names.length <= MAX_FINDINGS ? names : names.slice(0, MAX_FINDINGS - 1);
    for (const name of apart) report(unknownNodeViolation(subject, world, name, byName.get(name) ?? []));
    const rest = names.slice(apart.length);
    const [first] = rest;
    if (first === undefined) return;
    const { path, minor } = unknownNodeViolation(subject, world, first, byName.get(first) ?? []);
    const message = `${rest.length} more nodes are unknown: ${quotedList(rest)}`;
    report({ path, message, identity: `${subject.key}|more`, evidence: rest, minor });
  },
  affected: placedObjectsIfNodesChange,
};

function unknownNodeViolation(
  subject: Resource,
  world: World,
  name: string,
  places: readonly ListedNode[],
): Violation {
  const paths = places.map(({ requirement }) => valuePath(subject, requirement, name));
  const suggestion = suggestFor(world, name, places);
  const replace = suggestion === undefined ? undefined : `replace ${quoted(name)} with ${quoted(suggestion)}`;
  const edits = paths.map((path): FixEdit => ({ op: 'replace', path, value: suggestion ?? '' }));
  return {
    path: paths[0] ?? [],
    message: `node ${quoted(name)} is not among the ${knownNodes(world)?.all.length ?? 0} known nodes`,
    label: suggestion === undefined ? 'no such node' : `no such node; did you mean ${quoted(suggestion)}?`,
    related: paths
      .slice(1, 1 + MAX_PLACES)
      .map((path) => ({ resource: subject, path, message: `also here, ${formatPath(path)}` })),
    identity: `${subject.key}|${name}`,
    evidence: [name],
    minor: suggestion === undefined && world.count('Node') > 0,
    help:
      replace ??
      `use the name of a node in this Kubernetes cluster, or add ${quoted(name)} to nodes in iomesh-guard.yaml`,
    fix: replace === undefined ? undefined : { safety: 'unsafe', description: replace, edits },
  };
}

/**
 * The known node that was most likely meant, unless a list with the wrong name already has it, or the names
 * are those of two nodes.
 */
function suggestFor(world: World, name: string, places: readonly ListedNode[]): string | undefined {
  const similar = knownNodes(world)?.similar(name);
  if (similar === undefined || !differOnlyInSpelling(similar, name)) return undefined;
  return places.some(({ requirement }) => requirement.values.includes(similar)) ? undefined : similar;
}
