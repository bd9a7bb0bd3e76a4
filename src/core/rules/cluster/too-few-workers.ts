import { displayName, type Resource } from '../../model.ts';
import { isWorker, knownNodes } from '../../nodes.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';

/** What one cluster needs: its meta, chunk and ZooKeeper pods each on three nodes of its own. */
const PER_CLUSTER = 3;

/** IOM707: more clusters than the workers can carry. */
export const tooFewWorkers: Rule = {
  code: 'IOM707',
  name: 'too-few-workers',
  severity: { lint: 'warning', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  doc: {
    summary: 'Fewer workers are known than three for each IOMesh cluster.',
    why: `A cluster runs three meta, three chunk and three ZooKeeper pods, each on a node of its own, and two clusters share no node.
With fewer than three workers a cluster, one of them cannot be placed. It is told once, on the last cluster by name, the management cluster
coming first. Nodes of the control plane do not count.`,
    bad: `# iomesh-guard.yaml, beside two IOMeshClusters
nodes: [k8s-worker-0, k8s-worker-1, k8s-worker-2, k8s-worker-3, k8s-worker-4]`,
    good: `nodes: [k8s-worker-0, k8s-worker-1, k8s-worker-2, k8s-worker-3, k8s-worker-4, k8s-worker-5]`,
    remedy: `Add workers, or run fewer clusters. Nodes are known from \`nodes\` in the configuration, from Node objects and from a live
cluster; without any of these nothing is said.`,
    basis: 'guide: at least six workers for two clusters, three for each.',
  },
  check(subject, world, report) {
    const short = shortage(world);
    if (short === undefined || lastCluster(world) !== subject) return;
    const { clusters, workers, needed } = short;
    report({
      path: ['metadata', 'name'],
      message: `${workers} ${workers === 1 ? 'worker is' : 'workers are'} known, but ${clusters} IOMesh clusters need ${needed}, three each; ${displayName(subject.ref)} finds no room`,
      help: `add ${needed - workers} ${needed - workers === 1 ? 'worker' : 'workers'}, or make room by taking a cluster away`,
      identity: 'workers',
      extent: Array.from({ length: Math.min(needed - workers, 64) }, (_, index) => `${index + 1} short`),
    });
  },
  *affected({ before: old, after: now }, before, after) {
    const changed = now ?? old;
    if (changed?.kind !== 'Node' && (changed?.kind !== 'IOMeshCluster' || (old && now))) return;
    for (const world of [before, after]) {
      const last = shortage(world) === undefined ? undefined : lastCluster(world);
      if (last !== undefined) yield last;
    }
  },
};

interface Shortage {
  readonly clusters: number;
  readonly workers: number;
  readonly needed: number;
}

function shortage(world: World): Shortage | undefined {
  const clusters = world.count('IOMeshCluster');
  // A single cluster is told by its own rules what nodes it lacks.
  if (clusters < 2) return undefined;
  const nodes = knownNodes(world);
  if (nodes === undefined) return undefined;
  const needed = clusters * PER_CLUSTER;
  // Most worlds have room enough, and counting to there is all it takes.
  let workers = 0;
  for (const node of nodes.all) {
    if (isWorker(node)) workers += 1;
    if (workers >= needed) return undefined;
  }
  return { clusters, workers, needed };
}

function lastCluster(world: World): Resource | undefined {
  return world.memo(lastCluster, () => {
    let last: Resource | undefined;
    for (const each of world.all('IOMeshCluster'))
      if (last === undefined || follows(world, each, last)) last = each;
    return last;
  });
}

function follows(world: World, a: Resource, b: Resource): boolean {
  if (world.isManagement(a.ref) !== world.isManagement(b.ref)) return world.isManagement(b.ref);
  return a.key > b.key;
}
