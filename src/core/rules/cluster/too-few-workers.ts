import { changedObject, createsOrDeletes, displayName, type Resource } from '../../base/model.ts';
import { isWorker, type KnownNodes, knownNodes } from '../../iomesh/nodes.ts';
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
  check(subject, world, report) {
    const short = shortage(world);
    if (short === undefined || lastCluster(world) !== subject.key) return;
    const { clusters, workers, needed } = short;
    report({
      path: ['metadata', 'name'],
      message: `${workers} ${workers === 1 ? 'worker is' : 'workers are'} known, but ${clusters} IOMesh clusters need ${needed}, three each; ${displayName(subject.ref)} finds no room`,
      help: `add ${needed - workers} ${needed - workers === 1 ? 'worker' : 'workers'}, or make room by taking a cluster away`,
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
  // A single cluster is told by its own rules what nodes it lacks.
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

/** The key of the last cluster by name. An update changes nobody's name, so it is that of the world before. */
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
