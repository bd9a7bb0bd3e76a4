import type { FixEdit } from '../../base/edits.ts';
import { placementsOf } from '../../iomesh/cluster.ts';
import type { Resource } from '../../base/model.ts';
import { knownNodes } from '../../iomesh/nodes.ts';
import { formatPath } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { affectedByNodes, PLACED_KINDS } from '../../iomesh/placement.ts';
import { isUnknownNode, type ListedNode, listedNodes, valuePath } from '../../iomesh/listed-nodes.ts';
import { quoted, quotedList } from '../../base/text.ts';

/** Unknown nodes of one object beyond these are told together. */
const MAX_FINDINGS = 16;
/** Further places of one name that a finding shows. */
const MAX_PLACES = 8;

/** IOM107: a node is asked for that nobody knows. */
export const unknownNode: Rule = {
  code: 'IOM107',
  name: 'unknown-node',
  severity: { lint: 'error', admission: 'warn' },
  fix: 'unsafe',
  kinds: PLACED_KINDS,
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
    for (const name of apart) report(tell(subject, world, name, byName.get(name) ?? []));
    const rest = names.slice(apart.length);
    const [first] = rest;
    if (first === undefined) return;
    const { path } = tell(subject, world, first, byName.get(first) ?? []);
    const message = `${rest.length} more nodes are not known: ${quotedList(rest)}`;
    report({ path, message, identity: `${subject.key}|more`, evidence: rest });
  },
  affected: affectedByNodes,
};

function tell(subject: Resource, world: World, name: string, places: readonly ListedNode[]): Violation {
  const paths = places.map(({ requirement }) => valuePath(subject, requirement, name));
  const suggestion = suggestFor(world, name, places);
  const edits = paths.map((path): FixEdit => ({ op: 'replace', path, value: suggestion ?? '' }));
  return {
    path: paths[0] ?? [],
    message: `node ${quoted(name)} is not among the ${knownNodes(world)?.all.length ?? 0} known nodes`,
    label: suggestion === undefined ? 'no such node' : `no such node; did you mean ${quoted(suggestion)}?`,
    related: paths
      .slice(1, 1 + MAX_PLACES)
      .map((path) => ({ resource: subject, path, message: `and here, ${formatPath(path)}` })),
    identity: `${subject.key}|${name}`,
    evidence: [name],
    ...(suggestion === undefined
      ? { help: 'name a node of this Kubernetes cluster, or add it to `nodes` in the configuration' }
      : {
          help: `write ${quoted(suggestion)}`,
          fix: { safety: 'unsafe', description: `write ${quoted(suggestion)}`, edits },
        }),
  };
}

/** The known node that was most likely meant, unless a list that holds the wrong name has that one too. */
function suggestFor(world: World, name: string, places: readonly ListedNode[]): string | undefined {
  const similar = knownNodes(world)?.similar(name);
  if (similar === undefined) return undefined;
  return places.some(({ requirement }) => requirement.values.includes(similar)) ? undefined : similar;
}
