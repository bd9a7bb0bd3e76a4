import { relatedObject } from '../../finding.ts';
import { type ClusterId, clusterOf, objectsOf, zookeeperName } from '../../iomesh/cluster.ts';
import { changedObject, displayName, isBeingDeleted, type Resource } from '../../base/model.ts';
import type { Violation, Rule } from '../../rule.ts';
import { suggest } from '../../base/suggest.ts';
import { quoted } from '../../base/text.ts';
import type { ObjectIndex } from '../../base/objects.ts';
import type { World } from '../../world.ts';

/** IOM701: an IOMesh cluster whose ZookeeperCluster is not there. */
export const zookeeperMissing: Rule = {
  code: 'IOM701',
  name: 'zookeeper-missing',
  severity: { lint: 'error', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const id = clusterOf(subject.ref);
    if (id === undefined || id.name === '' || isBeingDeleted(subject)) return;
    const due = zookeeperName(id.name);
    if (world.presence('ZookeeperCluster', id.namespace, due) !== 'no') return;
    report({
      path: ['metadata', 'name'],
      message: `${displayName(subject.ref)} has no ZookeeperCluster: there is no ${quoted(due)} in namespace ${quoted(id.namespace)}`,
      ...wayOut(world, id, due),
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

function wayOut(world: World, id: ClusterId, due: string): Pick<Violation, 'help' | 'related'> {
  const beside = world.inNamespace('ZookeeperCluster', id.namespace).filter((each) => isFree(world, each));
  const close = suggest(
    due,
    beside.map(({ ref }) => ref.name),
  );
  const misnamed =
    beside.find(({ ref }) => ref.name === close) ?? (beside.length === 1 ? beside[0] : undefined);
  if (misnamed !== undefined)
    return {
      help: `name ZookeeperCluster ${displayName(misnamed.ref)} ${quoted(due)}, as its IOMeshCluster looks for it`,
      related: [relatedObject(misnamed, `${displayName(misnamed.ref)} belongs to no IOMeshCluster`)],
    };
  const elsewhere = world.find(BY_NAME, due).filter((each) => isFree(world, each));
  const [first, second] = elsewhere;
  if (first !== undefined && second === undefined)
    return {
      help: `put ZookeeperCluster ${displayName(first.ref)} into namespace ${quoted(id.namespace)}, beside its IOMeshCluster`,
      related: [
        {
          resource: first,
          path: ['metadata', 'namespace'],
          message: `${displayName(first.ref)} stands in another namespace`,
        },
      ],
    };
  return { help: `apply a ZookeeperCluster with name ${quoted(due)} and namespace ${quoted(id.namespace)}` };
}

/** True for a ZookeeperCluster that no IOMeshCluster finds. */
function isFree(world: World, { ref }: Resource): boolean {
  const id = clusterOf(ref);
  return ref.name !== '' && (id === undefined || objectsOf(world, id).cluster === undefined);
}
