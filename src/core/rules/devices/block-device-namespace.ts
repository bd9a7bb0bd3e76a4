import { isOpen } from '../../defaults/section.ts';
import { readString } from '../../schema/read-field.ts';
import { managementGoesByAnotherName } from '../../iomesh/management.ts';
import { displayName } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';

const MANAGER: Path = ['spec', 'chunk', 'devicemanager'];
const PATH: Path = [...MANAGER, 'blockDeviceNamespace'];

/** IOM301: every cluster looks for block devices where they all are. */
export const blockDeviceNamespace: Rule = {
  code: 'IOM301',
  name: 'block-device-namespace',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    if (managementGoesByAnotherName(world)) return;
    // Where the section itself is missing and stays so, that is what is reported.
    if (!isOpen(world, subject, MANAGER)) return;
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
          ? `blockDeviceNamespace of ${displayName(subject.ref)} is missing; all block devices are in ${quoted(due)}`
          : `blockDeviceNamespace of ${displayName(subject.ref)} is ${quoted(value)}; all block devices are in ${quoted(due)}`,
      help: `set spec.chunk.devicemanager.blockDeviceNamespace to ${quoted(due)}, the namespace of the management cluster${
        management === undefined ? ' (managementCluster in the configuration)' : ''
      }`,
      related:
        management === undefined || world.isManagement(subject.ref)
          ? []
          : [
              {
                resource: management,
                path: ['metadata', 'namespace'],
                message: `the management cluster ${displayName(management.ref)}`,
              },
            ],
      fix: {
        // An absent one is filled as the webhook would fill it.
        safety: state === 'absent' ? 'safe' : 'unsafe',
        description: `set spec.chunk.devicemanager.blockDeviceNamespace to ${quoted(due)}`,
        edits: [{ op: state === 'absent' ? 'add' : 'replace', path: PATH, value: due }],
      },
    });
  },

  affected(change, before, after) {
    const changed = (change.after ?? change.before)!;
    // The management cluster also tells whether an absent section is filled.
    const concerns =
      after.isManagement(changed.ref) ||
      managementGoesByAnotherName(before) !== managementGoesByAnotherName(after);
    return concerns ? after.all('IOMeshCluster') : [];
  },
  deletionSaidBy: 'IOM601',
};
