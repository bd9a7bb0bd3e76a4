import { connectionsOfCreatedOrDeletedCluster } from '../../iomesh/affected.ts';
import { clusterText } from '../../iomesh/cluster.ts';
import {
  connectionsOf,
  isConnection,
  metaAddrOf,
  onlyCluster,
  primaryConnection,
} from '../../iomesh/connection.ts';
import { readString } from '../../schema/read-field.ts';
import type { ClusterId } from '../../iomesh/cluster.ts';
import { type Change, changedObject, displayName, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { clusterOfValidAddress, META_ADDR, readMetaAddr } from '../../iomesh/meta-address.ts';

/** IOM206: one connection ConfigMap per cluster. */
export const connectionDuplicate: Rule = {
  code: 'IOM206',
  name: 'connection-duplicate',
  severity: { lint: 'warning', admission: 'warn' },
  kinds: ['ConfigMap'],

  check(subject, world, report) {
    const target = validTarget(world, subject);
    if (target === undefined) return;
    const first = firstOf(world, target);
    if (first === undefined || first.key === subject.key || !exists(world, target)) return;
    const own = onlyCluster(world, subject.ref.namespace ?? '');
    const right =
      own === undefined || clusterText(own) === clusterText(target)
        ? undefined
        : metaAddrOf(own, world.config.clusterDomain);
    report({
      path: META_ADDR,
      message: `${displayName(subject.ref)} points to IOMeshCluster ${displayName(target)}, but ${displayName(first.ref)} already does`,
      help:
        right === undefined
          ? `keep one of the two and set it as clusterConnection in every StorageClass of ${displayName(target)}`
          : `set data.metaAddr to "${right}" if it belongs to ${displayName(own!)}, otherwise delete it`,
      other: first,
      symmetric: true,
      identity: subject.key,
      evidence: [clusterText(target)],
      related: [{ resource: first, path: META_ADDR, message: `${displayName(first.ref)}, data.metaAddr` }],
    });
  },

  affected: othersOfCluster,
};

/** The cluster a connection ConfigMap points to; undefined for an invalid address, which is IOM203. */
function validTarget(world: World, subject: Resource): ClusterId | undefined {
  if (!isConnection(world, subject)) return undefined;
  const { value } = readString(world, subject, META_ADDR);
  return value === undefined
    ? undefined
    : clusterOfValidAddress(readMetaAddr(value, world.config.clusterDomain));
}

/** The primary ConfigMap of a cluster; the others are reported. Kept for the world, since each of them asks for it. */
function firstOf(world: World, target: ClusterId): Resource | undefined {
  const known = world.memoize(firstOf, () => new Map<string, Resource | undefined>());
  const key = clusterText(target);
  if (!known.has(key)) known.set(key, findFirst(world, target));
  return known.get(key);
}

function findFirst(world: World, target: ClusterId): Resource | undefined {
  const counts = (each: Resource) => validTarget(world, each) !== undefined;
  const { base, change } = world;
  const below = base && firstOf(base, target);
  const changed = change?.before ?? change?.after;
  if (base === undefined || (changed?.kind === 'ConfigMap' && changed.key === below?.key))
    return primaryConnection(connectionsOf(world, target).filter(counts), target);
  // Only the added ConfigMap can replace the previous primary.
  const added = connectionsOf(world, target).filter((each) => each === change?.after && counts(each));
  return primaryConnection(below === undefined ? added : [below, ...added], target);
}

/** An address without a cluster is IOM204; the management cluster can exist without a file here. */
function exists(world: World, target: ClusterId): boolean {
  return (
    world.presence('IOMeshCluster', target.namespace, target.name) !== 'no' ||
    clusterText(target) === clusterText(world.config.managementCluster)
  );
}

function* othersOfCluster(change: Change, before: World, after: World): Iterable<Resource> {
  yield* connectionsOfCreatedOrDeletedCluster(change, before, after);
  const changed = changedObject(change);
  if (changed?.kind !== 'ConfigMap') return;
  for (const [each, world] of [
    [change.before, before],
    [change.after, after],
  ] as const) {
    const target = each && validTarget(world, each);
    // Findings on the others name the primary ConfigMap and no other.
    if (target === undefined || firstOf(world, target)?.key !== changed.key) continue;
    yield* connectionsOf(before, target);
    yield* connectionsOf(after, target);
  }
}
