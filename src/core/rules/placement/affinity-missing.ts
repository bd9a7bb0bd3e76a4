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
  doc: {
    summary: 'There are several IOMesh clusters, and a component of one has no required node selection.',
    why: `Without a required node affinity or a node selector the scheduler may put the pods on any node, those of another
IOMesh cluster among them. There a second redirector finds 127.0.0.1:3260 taken, and volumes are served by the wrong cluster. Pods
of chunk, meta and ZooKeeper cannot be moved afterwards. The rule speaks once an object, naming all its components.`,
    bad: `spec:
  chunk:
    replicas: 3
    dataCIDR: 10.234.2.0/24`,
    good: `spec:
  chunk:
    podPolicy:
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: kubernetes.io/hostname
                    operator: In
                    values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]`,
    remedy: `Pin chunk, meta and redirector of the IOMeshCluster and the pods of its ZookeeperCluster to the nodes of that
cluster. The fix takes the selection of another component of the same cluster, else that of the cluster's configured pool, else the
label \`iomesh-guard.io/pool\` with the name of the namespace, if a node carries it.`,
    basis: 'guide: every component of every cluster is pinned to the nodes of that cluster.',
  },
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
