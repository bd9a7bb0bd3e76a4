import { addressedCluster, allConnections, isConnection } from '../../iomesh/connection.ts';
import { hadVolumes } from '../../iomesh/volumes.ts';
import { type Change, changedObject, displayName, type Resource } from '../../base/model.ts';
import type { ReportViolation, Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import { asksForWaiver } from '../../base/waivers.ts';
import type { World } from '../../world.ts';
import { reclassifiedConfigMaps } from '../../iomesh/affected.ts';
import {
  CLUSTER_ID,
  CLUSTER_ID_RULE,
  clusterIdOf,
  type ComparedConnections,
  comparedConnections,
  type ReferenceId,
  referenceId,
  sameReferenceId,
} from '../../iomesh/reference-id.ts';

const TIED_HELP =
  'set the same clusterId in every connection ConfigMap; the management cluster does not define one';

/** IOM201: every connection ConfigMap has the clusterId of the management cluster's ConfigMap. */
export const clusterIdMismatch: Rule = {
  ...CLUSTER_ID_RULE,
  severity: { lint: 'error', admission: 'deny' },
  // A backup from the time of a change of the clusterId holds ConfigMaps with the previous value.
  minor: { lint: 'error', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['ConfigMap'],
  // A deletion never adds a value; IOM602 protects a ConfigMap that is still in use.
  deletionReportedBy: 'IOM602',

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const value = clusterIdOf(world, subject);
    if (value === undefined) return;
    for (const compared of comparedConnections(world)) {
      const reference = referenceId(world, compared);
      if (reference === undefined || !compared.has(world, subject)) continue;
      if (value !== reference.value) reportDeviation(subject, value, reference, world, report);
      else if (reference.holder.key === subject.key) {
        reportOtherOfTwo(subject, reference, compared.all(world), world, report);
        reportReplacement(subject, reference, compared, world, report);
      }
    }
  },

  affected: othersThatFollow,
};

function* othersThatFollow(change: Change, before: World, after: World): Iterable<Resource> {
  const became = reclassifiedConfigMaps(change, before, after);
  yield* became;
  const concerned =
    became.length > 0 ||
    // A class can name the ConfigMap of the management cluster.
    changedObject(change)?.kind === 'StorageClass' ||
    (change.before !== undefined && isConnection(before, change.before)) ||
    (change.after !== undefined && isConnection(after, change.after));
  if (!concerned) return;
  const isSame = comparedConnections(before, after).every((compared) => {
    const [previous, reference] = [referenceId(before, compared), referenceId(after, compared)];
    // In a tie, every finding also concerns the ConfigMap that holds the reference value.
    const isTiedHolder = reference?.tied === true && reference.holder.key === changedObject(change)?.key;
    return sameReferenceId(previous, reference) && !isTiedHolder;
  });
  if (isSame) return;
  yield* allConnections(before);
  yield* allConnections(after);
}

/**
 * True while an object is created: with a value that another ConfigMap has, before the ConfigMap of the
 * management cluster, as that one, or for a cluster that has volumes: a backup is restored.
 */
function isOfBackup(world: World, subject: Resource, value: string, reference: ReferenceId): boolean {
  const { before, after } = world.change ?? {};
  if (before !== undefined || after === undefined) return false;
  if (!reference.isManagement || after.key === reference.holder.key) return true;
  const id = addressedCluster(subject);
  if (after.key === subject.key && id !== undefined && hadVolumes(world, id)) return true;
  return allConnections(world).some(
    (each) =>
      each.key !== subject.key &&
      clusterIdOf(world, each) === value &&
      !asksForWaiver(each, CLUSTER_ID_RULE, world.config),
  );
}

/** Reports a ConfigMap that would take the place of the management cluster's, with another value. */
function reportReplacement(
  subject: Resource,
  { value, isManagement }: ReferenceId,
  compared: ComparedConnections,
  { base, change }: World,
  report: ReportViolation,
): void {
  const previous = base === undefined ? undefined : referenceId(base, compared);
  if (base === undefined || change?.after?.key !== subject.key || previous?.isManagement !== true) return;
  const { holder } = previous;
  if (!isManagement || holder.key === subject.key || previous.value === value) return;
  report({
    path: CLUSTER_ID,
    message: `${displayName(subject.ref)} would replace ${displayName(holder.ref)} as the management cluster's ConfigMap, but its clusterId is ${quoted(value)}, not ${quoted(previous.value)}`,
    help: `set data.clusterId to ${quoted(previous.value)}; to change it in every ConfigMap, begin with ${displayName(holder.ref)}`,
    other: holder,
    related: [{ resource: holder, path: CLUSTER_ID, message: `${displayName(holder.ref)}, data.clusterId` }],
    identity: `${subject.key}|replaces`,
    evidence: [JSON.stringify([value, previous.value])],
  });
}

function reportDeviation(
  subject: Resource,
  value: string,
  reference: ReferenceId,
  world: World,
  report: ReportViolation,
): void {
  const { holder, isManagement, tied } = reference;
  const isHolderChanged = changedObject(world.change ?? {})?.key === holder.key;
  const source = isManagement
    ? isHolderChanged
      ? ''
      : `; to change it in every ConfigMap, begin with ${displayName(holder.ref)}`
    : ', the value of most connection ConfigMaps';
  const owner = isManagement ? "the management cluster's ConfigMap" : 'ConfigMap';
  report({
    path: CLUSTER_ID,
    message: `clusterId of ${displayName(subject.ref)} is ${quoted(value)}, but ${owner} ${displayName(holder.ref)} has ${quoted(reference.value)}`,
    help: tied ? TIED_HELP : `set data.clusterId to ${quoted(reference.value)}${source}`,
    other: holder,
    minor: isOfBackup(world, subject, value, reference),
    // Neither value is known to be the right one.
    symmetric: tied,
    related: [{ resource: holder, path: CLUSTER_ID, message: `${displayName(holder.ref)}, data.clusterId` }],
    ...identified(subject, value, reference),
    fix: tied
      ? undefined
      : {
          safety: 'unsafe',
          description: `set data.clusterId to ${quoted(reference.value)}`,
          edits: [{ op: 'replace', path: CLUSTER_ID, value: reference.value }],
        },
  });
}

/** Reports a tie of two ConfigMaps from the side that holds the reference value. */
function reportOtherOfTwo(
  subject: Resource,
  reference: ReferenceId,
  connections: readonly Resource[],
  world: World,
  report: ReportViolation,
): void {
  if (!reference.tied || reference.deviating !== 1) return;
  for (const other of connections) {
    const value = clusterIdOf(world, other);
    if (value === undefined || value === reference.value) continue;
    report({
      path: CLUSTER_ID,
      message: `clusterId of ${displayName(subject.ref)} is ${quoted(reference.value)}, but ConfigMap ${displayName(other.ref)} has ${quoted(value)}`,
      help: TIED_HELP,
      minor: isOfBackup(world, subject, reference.value, reference),
      other,
      symmetric: true,
      related: [{ resource: other, path: CLUSTER_ID, message: `${displayName(other.ref)}, data.clusterId` }],
      ...identified(other, value, reference),
    });
  }
}

/** The identity does not depend on which ConfigMap holds the reference value. */
function identified(deviating: Resource, value: string, reference: ReferenceId) {
  return { identity: deviating.key, evidence: [JSON.stringify([value, reference.value])] };
}
