import { connectionsOfCreatedOrDeletedCluster } from '../../iomesh/affected.ts';
import { type ClusterId, clusterText } from '../../iomesh/cluster.ts';
import { connectionsOf, isConnection, metaAddrOf } from '../../iomesh/connection.ts';
import { readString } from '../../schema/read-field.ts';
import { relatedObject } from '../../finding.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { classesOfConnection, readReference, referenceParameters } from '../../iomesh/storage-class.ts';
import { isLeaving, leavingTarget } from '../../iomesh/leaving.ts';
import { likelyCluster } from '../../iomesh/likely-cluster.ts';
import { clusterOfValidAddress, META_ADDR, metaAddrFix, readMetaAddr } from '../../iomesh/meta-address.ts';

/** IOM204: a well-formed metaAddr names a cluster that exists. */
export const metaAddrTarget: Rule = {
  code: 'IOM204',
  name: 'meta-addr-target',
  severity: { lint: 'error', admission: 'deny' },
  // The cluster may be created later, unless the change takes its ConfigMap from a cluster in use.
  minor: { lint: 'error', admission: 'warn' },
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
    if (target === undefined) return;
    const leaving = leavingTarget(world, subject, 'IOMeshCluster', target);
    if (leaving !== undefined) {
      report({
        path: META_ADDR,
        minor: true,
        message: `metaAddr of ${displayName(subject.ref)} points to IOMeshCluster ${quoted(clusterText(target))}, which is being deleted`,
        help: 'when the IOMeshCluster is gone, create it again, or set data.metaAddr to the address of another cluster',
        related: [relatedObject(leaving, `${displayName(leaving.ref)} is being deleted`)],
      });
      return;
    }
    if (world.presence('IOMeshCluster', target.namespace, target.name) !== 'no') return;
    const { managementCluster } = world.config;
    // Pools without their management cluster are IOM705.
    if (clusterText(target) === clusterText(managementCluster) && hasAny(world)) return;
    const left = clusterLeft(world, subject);
    const likely = left ?? likelyCluster(world, subject, reading);
    const right = likely && metaAddrOf(likely, world.config.clusterDomain);
    const cluster = likely && world.get('IOMeshCluster', likely.namespace, likely.name);
    report({
      path: META_ADDR,
      minor: left === undefined,
      message: `metaAddr of ${displayName(subject.ref)} points to IOMeshCluster ${quoted(clusterText(target))}, which does not exist`,
      help:
        right === undefined
          ? `set data.metaAddr to the address of an existing cluster, or create IOMeshCluster ${quoted(clusterText(target))}`
          : `set data.metaAddr ${left === undefined ? '' : 'back '}to "${right}", the address of ${displayName(likely!)}`,
      related: cluster === undefined ? [] : [relatedObject(cluster, `${displayName(cluster.ref)} exists`)],
      fix: right === undefined ? undefined : metaAddrFix(right),
    });
  },

  *affected(change, before, after) {
    yield* connectionsOfCreatedOrDeletedCluster(change, before, after);
    if (hasAny(before) !== hasAny(after)) yield* connectionsOf(after, after.config.managementCluster);
  },
};

/** The cluster that an update of its ConfigMap leaves, though a StorageClass reaches it through the ConfigMap. */
function clusterLeft(world: World, subject: Resource): ClusterId | undefined {
  const before = world.change?.before;
  if (before === undefined || before.key !== subject.key) return undefined;
  if (!referenceParameters(world.iomeshVersion).includes('clusterConnection')) return undefined;
  const { value } = readString(world, before, META_ADDR);
  const left = value && clusterOfValidAddress(readMetaAddr(value, world.config.clusterDomain));
  if (!left || world.get('IOMeshCluster', left.namespace, left.name) === undefined) return undefined;
  const isUsed = classesOfConnection(world, subject.ref).some((each) => {
    const named = readReference(world, each, 'iomeshCluster');
    return named.state === 'absent' || (named.state === 'present' && named.text === clusterText(left));
  });
  return isUsed ? left : undefined;
}

function hasAny(world: World): boolean {
  return world.some('IOMeshCluster', (each) => !isLeaving(world, each));
}
