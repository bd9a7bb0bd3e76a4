import { relatedObject } from '../../finding.ts';
import { changedObject, displayName, isOlder, type Resource } from '../../base/model.ts';
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
    const owner = ownerOf(world, namespace);
    if (owner === undefined || owner === subject) return;
    report({
      path: ['metadata', 'namespace'],
      message: `namespace ${quoted(namespace)} contains two IOMesh clusters, ${displayName(owner.ref)} and ${displayName(subject.ref)}, but both use the Service iomesh-access`,
      help: isCreated(world, owner)
        ? `create ${displayName(owner.ref)} in its own namespace; if it is the management cluster, set managementCluster in the configuration to its new name. ${displayName(subject.ref)} was here before and cannot be moved`
        : `move ${displayName(subject.ref)} to its own namespace, for example ${quoted(subject.ref.name === namespace ? `${subject.ref.name}-1` : subject.ref.name)}`,
      related: [relatedObject(owner, `${displayName(owner.ref)} is in this namespace too`)],
      other: owner,
      symmetric: true,
      // The same finding whichever cluster owns the namespace.
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

function isCreated({ change }: World, resource: Resource): boolean {
  return change?.before === undefined && change?.after?.key === resource.key;
}

const OWNERS = Symbol('owners of namespaces');

/** The one of several clusters in a namespace that counts as its owner; undefined if there is at most one cluster. */
function ownerOf(world: World, namespace: string): Resource | undefined {
  const known = world.memoize(OWNERS, () => new Map<string, Resource | undefined>());
  if (!known.has(namespace)) {
    const clusters = world.inNamespace('IOMeshCluster', namespace);
    const first = (a: Resource, b: Resource) => (precedes(world, a, b) ? a : b);
    known.set(namespace, clusters.length < 2 ? undefined : clusters.reduce(first));
  }
  return known.get(namespace);
}

function precedes(world: World, a: Resource, b: Resource): boolean {
  if (world.isManagement(a.ref) !== world.isManagement(b.ref)) return world.isManagement(a.ref);
  return isOlder(a, b);
}
