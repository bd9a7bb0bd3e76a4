import { clusterOf, type ComponentPlacement, placementsOf } from '../../iomesh/cluster.ts';
import { defaultAffinity, requiredAffinityPath } from '../../iomesh/default-affinity.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { affectedByCount, hasSeveralClusters, PLACED_KINDS } from '../../iomesh/placement.ts';
import { selectionText } from '../../iomesh/selection-text.ts';
import { joined } from '../../base/text.ts';

/** IOM102: a component that may land on any node, another cluster's among them. */
export const affinityMissing: Rule = {
  code: 'IOM102',
  name: 'affinity-missing',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: PLACED_KINDS,
  check(subject, world, report) {
    if (!hasSeveralClusters(world)) return;
    const missing = placementsOf(world, subject).filter(
      ({ placement }) =>
        placement.selection === undefined && !placement.preferredOnly && placement.faults.length === 0,
    );
    const [first] = missing;
    if (first === undefined) return;
    const names = missing.map(({ component }) => component);
    report({
      path: requiredAffinityPath(first),
      message: `${joined(names)} may run on any node, those of other IOMesh clusters among them: no node affinity is required`,
      label: `${formatPath(first.path)} requires no node`,
      identity: subject.key,
      evidence: names,
      ...wayOut(subject, world, missing),
    });
  },
  affected: affectedByCount,
};

function wayOut(
  subject: Resource,
  world: World,
  missing: readonly ComponentPlacement[],
): Pick<Violation, 'help' | 'fix'> {
  const id = clusterOf(subject.ref);
  const found = id === undefined ? undefined : defaultAffinity(world, id);
  const where = joined(missing.map((each) => formatPath(each.path)));
  if (found === undefined)
    return { help: `require the nodes of this cluster in ${where}, as nodeAffinity or nodeSelector` };
  const nodes = selectionText(found.selection);
  return {
    help: `require the nodes of this cluster in ${where}: ${nodes} (${found.from})`,
    fix: {
      safety: 'unsafe',
      description: `require ${nodes} (${found.from})`,
      edits: missing.map((each) => ({ op: 'add', path: requiredAffinityPath(each), value: found.value })),
    },
  };
}
