import { withFields } from '../../base/help-text.ts';
import { atLeast } from '../../base/iomesh-version.ts';
import { changedObject, displayName, type Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import { quoted, quotedInFull } from '../../base/text.ts';
import { relatedField } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { readString } from '../../schema/read-field.ts';
import type { World } from '../../world.ts';

const POLICY: Path = ['spec', 'cpuExclusiveOptions', 'cpuExclusivePolicy'];
/** The policy of a cluster that sets none. */
const DEFAULT_POLICY = 'kubeletCpuManager';

/** IOM407: a pool pins CPUs in another way than the management cluster. */
export const cpuPinning: Rule = {
  code: 'IOM407',
  name: 'cpu-pinning',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const { management } = world;
    if (!atLeast(world.iomeshVersion, '1.1')) return;
    if (management === undefined || world.isManagement(subject.ref)) return;
    const own = policyOf(world, subject);
    const wanted = policyOf(world, management);
    if (own === undefined || wanted === undefined || own.value === wanted.value) return;
    const value = quotedInFull(wanted.value);
    report({
      path: POLICY,
      message: `cpuExclusivePolicy of ${displayName(subject.ref)} is ${quoted(own.value)}${own.isSet ? '' : ' (the default)'}, but the management cluster ${displayName(management.ref)} uses ${quoted(wanted.value)}${wanted.isSet ? '' : ' (the default)'}`,
      help: withFields`set ${POLICY} to ${value}; all clusters must use the same policy`,
      other: management,
      related: wanted.isSet ? [relatedField(management, POLICY)] : [],
      evidence: [`${own.value} ${wanted.value}`],
      fix: {
        safety: 'unsafe',
        description: withFields`set ${POLICY} to ${value}`,
        edits: [{ op: own.isSet ? 'replace' : 'add', path: POLICY, value: wanted.value }],
      },
    });
  },
  affected(change, _before, after) {
    const changed = changedObject(change);
    return changed !== undefined && after.isManagement(changed.ref) ? after.all('IOMeshCluster') : [];
  },
  deletionReportedBy: 'IOM601',
};

/** Undefined if the field is invalid. */
function policyOf(
  world: World,
  cluster: Resource,
): { readonly value: string; readonly isSet: boolean } | undefined {
  const { state, value } = readString(world, cluster, POLICY);
  if (state === 'invalid') return undefined;
  return value === undefined || value === ''
    ? { value: DEFAULT_POLICY, isSet: value !== undefined }
    : { value, isSet: true };
}
