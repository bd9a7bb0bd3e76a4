import { relatedObject } from '../../finding.ts';
import { asString, at } from '../../base/json.ts';
import { changedObject, displayName, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';

/** IOM703: two IOMesh clusters in one namespace. */
export const oneClusterANamespace: Rule = {
  code: 'IOM703',
  name: 'one-cluster-a-namespace',
  severity: { lint: 'error', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const namespace = subject.ref.namespace ?? '';
    const keeper = keeperOf(world, namespace);
    if (keeper === undefined || keeper === subject) return;
    report({
      path: ['metadata', 'namespace'],
      message: `namespace ${quoted(namespace)} holds two IOMesh clusters, ${displayName(keeper.ref)} and ${displayName(subject.ref)}, which share the Service iomesh-access`,
      help: `give ${displayName(subject.ref)} a namespace of its own, such as ${quoted(subject.ref.name === namespace ? `${subject.ref.name}-1` : subject.ref.name)}`,
      related: [relatedObject(keeper, `${displayName(keeper.ref)} is in that namespace already`)],
      other: keeper,
      symmetric: true,
      // Whoever keeps the namespace, this one has no place in it.
      identity: subject.key,
      evidence: ['shared'],
    });
  },
  *affected(change, before, after) {
    const changed = changedObject(change);
    if (changed?.kind !== 'IOMeshCluster') return;
    const namespace = changed.ref.namespace ?? '';
    for (const world of [before, after]) {
      const clusters = world.inNamespace('IOMeshCluster', namespace);
      if (clusters.length > 1) yield* clusters;
    }
  },
};

const KEEPERS = Symbol('clusters that keep their namespace');

/** Of several clusters in one namespace the one that stays; undefined where there is at most one. */
function keeperOf(world: World, namespace: string): Resource | undefined {
  const known = world.memoize(KEEPERS, () => new Map<string, Resource | undefined>());
  if (!known.has(namespace)) {
    const clusters = world.inNamespace('IOMeshCluster', namespace);
    const first = (a: Resource, b: Resource) => (precedes(world, a, b) ? a : b);
    known.set(namespace, clusters.length < 2 ? undefined : clusters.reduce(first));
  }
  return known.get(namespace);
}

function precedes(world: World, a: Resource, b: Resource): boolean {
  if (world.isManagement(a.ref) !== world.isManagement(b.ref)) return world.isManagement(a.ref);
  const [one, two] = [created(a), created(b)];
  return one === two ? a.ref.name < b.ref.name : one < two;
}

/** What is in a file only has yet to be created: it comes last. */
function created(cluster: Resource): string {
  return asString(at(cluster.json, ['metadata', 'creationTimestamp'])) ?? '~';
}
