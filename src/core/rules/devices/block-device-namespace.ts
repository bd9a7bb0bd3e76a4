import { isFillable } from '../../defaults/fill.ts';
import { readString } from '../../schema/read-field.ts';
import { managementGoesByAnotherName } from '../../iomesh/management.ts';
import { changedObject, displayName } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { withFields } from '../../base/help-text.ts';
import { quoted } from '../../base/text.ts';

const MANAGER: Path = ['spec', 'chunk', 'devicemanager'];
const PATH: Path = [...MANAGER, 'blockDeviceNamespace'];

/** IOM301: every cluster looks for block devices in the namespace of the management cluster. */
export const blockDeviceNamespace: Rule = {
  code: 'IOM301',
  name: 'block-device-namespace',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    if (managementGoesByAnotherName(world)) return;
    // A missing section that no default adds is IOM006.
    if (!isFillable(world, subject, MANAGER)) return;
    const { state, value } = readString(world, subject, PATH);
    const { managementCluster } = world.config;
    const due = managementCluster.namespace;
    if (state === 'invalid' || value === due) return;
    if (state === 'absent' && world.isManagement(subject.ref)) return;
    const management = world.management;
    report({
      path: PATH,
      message:
        state === 'absent'
          ? `blockDeviceNamespace of ${displayName(subject.ref)} is not set, but all block devices are in ${quoted(due)}`
          : `blockDeviceNamespace of ${displayName(subject.ref)} is ${quoted(value)}, but all block devices are in ${quoted(due)}`,
      help: withFields`set ${PATH} to ${quoted(due)}, the namespace of the management cluster${
        management === undefined ? ' (managementCluster in the configuration)' : ''
      }`,
      related:
        management === undefined || world.isManagement(subject.ref)
          ? []
          : [
              {
                resource: management,
                path: ['metadata', 'namespace'],
                message: `namespace of the management cluster ${displayName(management.ref)}`,
              },
            ],
      fix: {
        // The webhook fills an absent one with the same value.
        safety: state === 'absent' ? 'safe' : 'unsafe',
        description: withFields`set ${PATH} to ${quoted(due)}`,
        edits: [{ op: state === 'absent' ? 'add' : 'replace', path: PATH, value: due }],
      },
    });
  },

  affected(change, before, after) {
    const changed = changedObject(change);
    // Whether an absent section is filled depends on the management cluster.
    const concerns =
      (changed !== undefined && after.isManagement(changed.ref)) ||
      managementGoesByAnotherName(before) !== managementGoesByAnotherName(after);
    return concerns ? after.all('IOMeshCluster') : [];
  },
  deletionReportedBy: 'IOM601',
};
