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
import { type Change, displayName, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';
import { META_ADDR, readMetaAddr, targetOf } from '../../iomesh/meta-address.ts';

/** IOM206: one connection ConfigMap per cluster. */
export const connectionDuplicate: Rule = {
  code: 'IOM206',
  name: 'connection-duplicate',
  severity: { lint: 'warning', admission: 'warn' },
  kinds: ['ConfigMap'],

  check(subject, world, report) {
    const target = soundTarget(world, subject);
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
      message: `${displayName(subject.ref)} addresses IOMeshCluster ${displayName(target)}, as ${displayName(first.ref)} does already`,
      help:
        right === undefined
          ? `keep one of the two, and name it in clusterConnection of every StorageClass of ${displayName(target)}`
          : `if it is meant for ${displayName(own!)}, set data.metaAddr to "${right}"; else delete it`,
      other: first,
      symmetric: true,
      identity: subject.key,
      evidence: [clusterText(target)],
      related: [{ resource: first, path: META_ADDR, message: `${displayName(first.ref)}, data.metaAddr` }],
    });
  },

  affected: sharers,
};

/** The cluster a connection ConfigMap addresses, if its address is well-formed: any other is reported as such. */
function soundTarget(world: World, subject: Resource): ClusterId | undefined {
  if (!isConnection(world, subject)) return undefined;
  const { value } = readString(world, subject, META_ADDR);
  return value === undefined ? undefined : targetOf(readMetaAddr(value, world.config.clusterDomain));
}

/** The ConfigMap that counts for a cluster; the others are reported. Found once a world, for each of very many asks for it. */
function firstOf(world: World, target: ClusterId): Resource | undefined {
  const known = world.memoize(firstOf, () => new Map<string, Resource | undefined>());
  const key = clusterText(target);
  if (!known.has(key)) known.set(key, findFirst(world, target));
  return known.get(key);
}

function findFirst(world: World, target: ClusterId): Resource | undefined {
  const counts = (each: Resource) => soundTarget(world, each) !== undefined;
  const { base, change } = world;
  const below = base && firstOf(base, target);
  const changed = change?.before ?? change?.after;
  if (base === undefined || (changed?.kind === 'ConfigMap' && changed.key === below?.key))
    return primaryConnection(connectionsOf(world, target).filter(counts), target);
  // What stood first gives way to nothing but what has come.
  const come = connectionsOf(world, target).filter((each) => each === change?.after && counts(each));
  return primaryConnection(below === undefined ? come : [below, ...come], target);
}

/** An address of no cluster is reported for itself; the management cluster may be installed without a file here. */
function exists(world: World, target: ClusterId): boolean {
  return (
    world.presence('IOMeshCluster', target.namespace, target.name) !== 'no' ||
    clusterText(target) === clusterText(world.config.managementCluster)
  );
}

function* sharers(change: Change, before: World, after: World): Iterable<Resource> {
  const changed = change.after ?? change.before;
  if (changed?.kind === 'IOMeshCluster' && !(change.before && change.after))
    yield* connectionsOf(after, { namespace: changed.ref.namespace ?? '', name: changed.ref.name });
  if (changed?.kind !== 'ConfigMap') return;
  for (const [each, world] of [
    [change.before, before],
    [change.after, after],
  ] as const) {
    const target = each && soundTarget(world, each);
    // What is said of the others names the first, and none but the first.
    if (target === undefined || firstOf(world, target)?.key !== changed.key) continue;
    yield* connectionsOf(before, target);
    yield* connectionsOf(after, target);
  }
}
