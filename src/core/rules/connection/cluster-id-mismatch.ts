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
  doc: {
    summary:
      'A connection ConfigMap holds another `clusterId` than the connection ConfigMap of the management cluster.',
    why: 'The `clusterId` stands for the Kubernetes cluster, not for the IOMesh cluster. One CSI driver serves all IOMesh clusters and uses one identity with each of them. With differing values, volumes of one Kubernetes cluster look as if they belonged to two.',
    bad: `# iomesh-system/iomesh-csi-configmap
data:
  clusterId: k8s-cluster
---
# iomesh-cluster-1/iomesh-cluster-1-csi-configmap
data:
  clusterId: iomesh-cluster-1`,
    good: `# iomesh-system/iomesh-csi-configmap
data:
  clusterId: k8s-cluster
---
# iomesh-cluster-1/iomesh-cluster-1-csi-configmap
data:
  clusterId: k8s-cluster`,
    remedy:
      'Use the value of the management cluster everywhere. To change it, change the management cluster first: that is allowed, and every ConfigMap that must follow is named. Where the management cluster has no connection ConfigMap, the value that most ConfigMaps hold counts; among equally frequent ones that of the first ConfigMap by name.',
    basis: 'guide: the clusterId is the same in every connection ConfigMap of a Kubernetes cluster.',
  },

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
