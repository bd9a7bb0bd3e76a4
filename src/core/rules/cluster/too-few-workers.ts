import { changedObject, createsOrDeletes, displayName, type Resource } from '../../base/model.ts';
import { isWorker, type KnownNodes, knownNodes } from '../../iomesh/nodes.ts';
import { plural } from '../../base/text.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';

/** Each cluster runs its meta, chunk and ZooKeeper pods on three nodes that no other cluster uses. */
const PER_CLUSTER = 3;

/** IOM707: fewer worker nodes than the clusters need. */
export const tooFewWorkers: Rule = {
  code: 'IOM707',
  name: 'too-few-workers',
  severity: { lint: 'warning', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const short = shortage(world);
    if (short === undefined || lastCluster(world) !== subject.key) return;
    const { clusters, workers, needed } = short;
    report({
      path: ['metadata', 'name'],
      message: `${clusters} IOMesh clusters need ${needed} worker nodes (${PER_CLUSTER} each), but only ${workers} ${workers === 1 ? 'is' : 'are'} known; ${displayName(subject.ref)} does not fit`,
      help: `add ${needed - workers} worker ${plural(needed - workers, 'node')}, or run fewer IOMesh clusters`,
      identity: 'workers',
      evidence: Array.from({ length: Math.min(needed - workers, 64) }, (_, index) => `${index + 1} short`),
    });
  },
  *affected(change, before, after) {
    if (changedObject(change)?.kind !== 'Node' && !createsOrDeletes(change, 'IOMeshCluster')) return;
    for (const world of [before, after]) {
      const last = shortage(world) === undefined ? undefined : lastCluster(world);
      const cluster = last === undefined ? undefined : world.getByKey(last);
      if (cluster !== undefined) yield cluster;
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
  // IOM106 reports the missing nodes of a single cluster.
  if (clusters < 2) return undefined;
  const nodes = knownNodes(world);
  if (nodes === undefined) return undefined;
  const needed = clusters * PER_CLUSTER;
  const workers = workersOf(nodes);
  return workers < needed ? { clusters, workers, needed } : undefined;
}

const WORKERS = new WeakMap<KnownNodes, number>();

function workersOf(nodes: KnownNodes): number {
  let workers = WORKERS.get(nodes);
  if (workers === undefined) {
    workers = nodes.all.filter(isWorker).length;
    WORKERS.set(nodes, workers);
  }
  return workers;
}

/** The key of the last cluster by name. An update does not change a name, so the previous world has the same one. */
function lastCluster(world: World): string | undefined {
  const { base, change } = world;
  if (base !== undefined && !createsOrDeletes(change ?? {}, 'IOMeshCluster')) return lastCluster(base);
  return world.memoize(lastCluster, () => {
    let last: Resource | undefined;
    for (const each of world.all('IOMeshCluster'))
      if (last === undefined || follows(world, each, last)) last = each;
    return last?.key;
  });
}

function follows(world: World, a: Resource, b: Resource): boolean {
  if (world.isManagement(a.ref) !== world.isManagement(b.ref)) return world.isManagement(b.ref);
  return a.key > b.key;
}
