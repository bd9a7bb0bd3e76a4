import { CLUSTER_KINDS, clusterOf, hasSeveralClusters } from '../../iomesh/cluster.ts';
import { defaultAffinity, requiredAffinityPath } from '../../iomesh/default-affinity.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { placedObjectsIfSeveralClusters } from '../../iomesh/affected.ts';
import {
  type ComponentPlacement,
  requiresNodeSelection,
  unplacedComponents,
} from '../../iomesh/placement.ts';
import { selectionText } from '../../iomesh/selection-text.ts';
import { fieldList, withFields } from '../../base/help-text.ts';
import { joined } from '../../base/text.ts';

/** IOM102: a component that can run on any node, also on those of another cluster. */
export const affinityMissing: Rule = {
  code: 'IOM102',
  name: 'affinity-missing',
  severity: { lint: 'error', admission: 'deny' },
  // From 1.1 on the vendor's guide makes the selection optional.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    if (!hasSeveralClusters(world)) return;
    const missing = unplacedComponents(world, subject).filter(({ placement }) => !placement.preferredOnly);
    const [first] = missing;
    if (first === undefined) return;
    const names = missing.map(({ component }) => component);
    report({
      path: requiredAffinityPath(first),
      message: `${joined(names)} can run on any node, including nodes of other IOMesh clusters, because no required node affinity is set`,
      label: `no required node affinity in ${formatPath(first.path)}`,
      identity: subject.key,
      evidence: names,
      minor: !requiresNodeSelection(world),
      ...helpAndFix(subject, world, missing),
    });
  },
  affected: placedObjectsIfSeveralClusters,
  arrivalReportedBy: 'IOM110',
};

function helpAndFix(
  subject: Resource,
  world: World,
  missing: readonly ComponentPlacement[],
): Pick<Violation, 'help' | 'fix'> {
  const id = clusterOf(subject.ref);
  const found = id === undefined ? undefined : defaultAffinity(world, id);
  const where = fieldList(missing.map((each) => each.path));
  // Pods that run elsewhere would not find a node after a restart.
  const when = requiresNodeSelection(world) ? '' : ' before its pods are created, to keep the clusters apart';
  if (found === undefined)
    return {
      help: withFields`set a required nodeAffinity or a nodeSelector for the nodes of this cluster in ${where}${when}`,
    };
  const nodes = selectionText(found.selection);
  return {
    help: withFields`set a required nodeAffinity in ${where}${when}: ${nodes} (${found.from})`,
    fix: {
      safety: 'unsafe',
      description: `require ${nodes} (${found.from})`,
      edits: missing.map((each) => ({ op: 'add', path: requiredAffinityPath(each), value: found.value })),
    },
  };
}
