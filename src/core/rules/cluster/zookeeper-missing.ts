import { relatedObject } from '../../finding.ts';
import { type ClusterId, clusterOf, objectsOf, zookeeperName } from '../../iomesh/cluster.ts';
import { changedObject, displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import { isLeaving } from '../../iomesh/leaving.ts';
import type { Violation, Rule } from '../../rule.ts';
import { suggest } from '../../base/suggest.ts';
import { quoted } from '../../base/text.ts';
import type { ObjectIndex } from '../../base/objects.ts';
import type { World } from '../../world.ts';

/** IOM701: an IOMesh cluster without its ZookeeperCluster. */
export const zookeeperMissing: Rule = {
  code: 'IOM701',
  name: 'zookeeper-missing',
  severity: { lint: 'error', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const id = clusterOf(subject.ref);
    if (id === undefined || id.name === '' || isBeingDeleted(subject)) return;
    const required = zookeeperName(id.name);
    const existing = world.get('ZookeeperCluster', id.namespace, required);
    if (existing !== undefined && isLeaving(world, existing)) {
      report({
        path: ['metadata', 'name'],
        message: `${displayName(subject.ref)} has no ZookeeperCluster: ${quoted(required)} in namespace ${quoted(id.namespace)} is being deleted`,
        help: `when ZookeeperCluster ${quoted(required)} is gone, create it again`,
        related: [relatedObject(existing, `${displayName(existing.ref)} is being deleted`)],
      });
      return;
    }
    if (world.presence('ZookeeperCluster', id.namespace, required) !== 'no') return;
    report({
      path: ['metadata', 'name'],
      message: `${displayName(subject.ref)} has no ZookeeperCluster: ${quoted(required)} does not exist in namespace ${quoted(id.namespace)}`,
      ...proposal(world, id, required),
    });
  },
  affected(change, _before, after) {
    const changed = changedObject(change);
    const id = changed?.kind === 'ZookeeperCluster' ? clusterOf(changed.ref) : undefined;
    const { cluster } = id === undefined ? {} : objectsOf(after, id);
    return cluster === undefined ? [] : [cluster];
  },
  deletionReportedBy: 'IOM602',
};

const BY_NAME: ObjectIndex = { kind: 'ZookeeperCluster', keys: ({ ref }) => [ref.name] };

function proposal(world: World, id: ClusterId, required: string): Pick<Violation, 'help' | 'related'> {
  const unused = world.inNamespace('ZookeeperCluster', id.namespace).filter((each) => isUnused(world, each));
  const close = suggest(
    required,
    unused.map(({ ref }) => ref.name),
  );
  const misnamed =
    unused.find(({ ref }) => ref.name === close) ?? (unused.length === 1 ? unused[0] : undefined);
  if (misnamed !== undefined)
    return {
      help: `rename ZookeeperCluster ${displayName(misnamed.ref)} to ${quoted(required)}`,
      related: [relatedObject(misnamed, `${displayName(misnamed.ref)} belongs to no IOMeshCluster`)],
    };
  const elsewhere = world.find(BY_NAME, required).filter((each) => isUnused(world, each));
  const [first, second] = elsewhere;
  if (first !== undefined && second === undefined)
    return {
      help: `move ZookeeperCluster ${displayName(first.ref)} to namespace ${quoted(id.namespace)}, where its IOMeshCluster is`,
      related: [
        {
          resource: first,
          path: ['metadata', 'namespace'],
          message: `${displayName(first.ref)} is in another namespace`,
        },
      ],
    };
  return { help: `create ZookeeperCluster ${quoted(required)} in namespace ${quoted(id.namespace)}` };
}

/** True for a ZookeeperCluster that no IOMeshCluster uses. */
function isUnused(world: World, { ref }: Resource): boolean {
  const id = clusterOf(ref);
  return ref.name !== '' && (id === undefined || objectsOf(world, id).cluster === undefined);
}
