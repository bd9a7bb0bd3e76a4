import { connectionsOfCreatedOrDeletedCluster } from '../../iomesh/affected.ts';
import { clusterText } from '../../iomesh/cluster.ts';
import { connectionsOf, isConnection, metaAddrOf } from '../../iomesh/connection.ts';
import { readString } from '../../schema/read-field.ts';
import { relatedObject } from '../../finding.ts';
import { displayName } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { likelyCluster } from '../../iomesh/likely-cluster.ts';
import { clusterOfValidAddress, META_ADDR, metaAddrFix, readMetaAddr } from '../../iomesh/meta-address.ts';

/** IOM204: a well-formed metaAddr names a cluster that exists. */
export const metaAddrTarget: Rule = {
  code: 'IOM204',
  name: 'meta-addr-target',
  severity: { lint: 'error', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['ConfigMap'],
  // IOM602 protects a cluster that a StorageClass still uses; an unused ConfigMap does no harm.
  deletionReportedBy: 'IOM602',

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const { value } = readString(world, subject, META_ADDR);
    if (value === undefined) return;
    const reading = readMetaAddr(value, world.config.clusterDomain);
    const target = clusterOfValidAddress(reading);
    if (target === undefined || world.presence('IOMeshCluster', target.namespace, target.name) !== 'no')
      return;
    const { managementCluster } = world.config;
    // Pools without their management cluster are IOM705.
    if (clusterText(target) === clusterText(managementCluster) && world.count('IOMeshCluster') > 0) return;
    const likely = likelyCluster(world, subject, reading);
    const right = likely && metaAddrOf(likely, world.config.clusterDomain);
    const cluster = likely && world.get('IOMeshCluster', likely.namespace, likely.name);
    report({
      path: META_ADDR,
      message: `metaAddr of ${displayName(subject.ref)} points to IOMeshCluster ${quoted(clusterText(target))}, which does not exist`,
      help:
        right === undefined
          ? `set data.metaAddr to the address of an existing cluster, or create IOMeshCluster ${quoted(clusterText(target))}`
          : `set data.metaAddr to "${right}", the address of ${displayName(likely!)}`,
      related: cluster === undefined ? [] : [relatedObject(cluster, `${displayName(cluster.ref)} exists`)],
      fix: right === undefined ? undefined : metaAddrFix(right),
    });
  },

  *affected(change, before, after) {
    yield* connectionsOfCreatedOrDeletedCluster(change, before, after);
    if (hasAny(before) !== hasAny(after)) yield* connectionsOf(after, after.config.managementCluster);
  },
};

function hasAny(world: World): boolean {
  return world.count('IOMeshCluster') > 0;
}
