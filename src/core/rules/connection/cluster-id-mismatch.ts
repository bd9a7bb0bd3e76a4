import { allConnections, isConnection } from '../../iomesh/connection.ts';
import { type Change, displayName, type Resource } from '../../base/model.ts';
import type { Report, Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { becameConnection } from '../../iomesh/became-connection.ts';
import {
  CLUSTER_ID,
  clusterIdOf,
  type ReferenceId,
  referenceId,
  sameReference,
} from '../../iomesh/reference-id.ts';

/** IOM201: every connection ConfigMap holds the clusterId of the management cluster's. */
export const clusterIdMismatch: Rule = {
  code: 'IOM201',
  name: 'cluster-id-mismatch',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['ConfigMap'],
  // A deletion leaves fewer values, never more; what is still in use is guarded there.
  deletionSaidBy: 'IOM602',

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const value = clusterIdOf(world, subject);
    const reference = referenceId(world);
    if (value === undefined || reference === undefined) return;
    if (value !== reference.value) reportDeviation(subject, value, reference, report);
    else if (reference.holder.key === subject.key) reportOtherOfTwo(subject, reference, world, report);
  },

  affected: othersThatFollow,
};

function* othersThatFollow(change: Change, before: World, after: World): Iterable<Resource> {
  const became = becameConnection(change, before, after);
  yield* became;
  const concerned =
    became.length > 0 ||
    (change.before !== undefined && isConnection(before, change.before)) ||
    (change.after !== undefined && isConnection(after, change.after));
  if (!concerned || sameReference(referenceId(before), referenceId(after))) return;
  yield* allConnections(before);
  yield* allConnections(after);
}

function reportDeviation(subject: Resource, value: string, reference: ReferenceId, report: Report): void {
  const { holder, isManagement, tied } = reference;
  const owner = isManagement ? "the management cluster's ConfigMap" : 'ConfigMap';
  report({
    path: CLUSTER_ID,
    message: `clusterId of ${displayName(subject.ref)} is ${quoted(value)}, that of ${owner} ${displayName(holder.ref)} is ${quoted(reference.value)}`,
    help: tied
      ? 'hold one clusterId in every connection ConfigMap; the management cluster has none to go by'
      : `set data.clusterId to ${quoted(reference.value)}${isManagement ? '' : ', as most connection ConfigMaps have it'}`,
    other: holder,
    // Without a management cluster neither is right by itself.
    symmetric: tied,
    related: [{ resource: holder, path: CLUSTER_ID, message: `${displayName(holder.ref)}, data.clusterId` }],
    ...identified(subject, value, reference),
    ...(tied
      ? {}
      : {
          fix: {
            safety: 'unsafe',
            description: `set data.clusterId to ${quoted(reference.value)}`,
            edits: [{ op: 'replace', path: CLUSTER_ID, value: reference.value }],
          },
        }),
  });
}

/** Two ConfigMaps that only disagree with each other: told from either side. */
function reportOtherOfTwo(subject: Resource, reference: ReferenceId, world: World, report: Report): void {
  if (!reference.tied || reference.deviating !== 1) return;
  for (const other of allConnections(world)) {
    const value = clusterIdOf(world, other);
    if (value === undefined || value === reference.value) continue;
    report({
      path: CLUSTER_ID,
      message: `clusterId of ${displayName(subject.ref)} is ${quoted(reference.value)}, that of ConfigMap ${displayName(other.ref)} is ${quoted(value)}`,
      help: 'hold one clusterId in every connection ConfigMap; the management cluster has none to go by',
      other: other,
      symmetric: true,
      related: [{ resource: other, path: CLUSTER_ID, message: `${displayName(other.ref)}, data.clusterId` }],
      ...identified(other, value, reference),
    });
  }
}

/**
 * What makes it the same finding: the deviating ConfigMap and the two values, but not which ConfigMap
 * happens to stand for the right one.
 */
function identified(deviating: Resource, value: string, reference: ReferenceId) {
  return { identity: deviating.key, evidence: [JSON.stringify([value, reference.value])] };
}
