import { readString } from '../../schema/read-field.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { suggest } from '../../base/suggest.ts';
import { withFields } from '../../base/help-text.ts';
import { joined, plural, quoted } from '../../base/text.ts';

interface PolicyField {
  readonly path: Path;
  readonly values: readonly string[];
}

const CLUSTER_FIELDS: readonly PolicyField[] = [
  { path: ['spec', 'reclaimPolicy', 'volume'], values: ['Delete'] },
  { path: ['spec', 'reclaimPolicy', 'blockdevice'], values: ['Delete'] },
];
const ZOOKEEPER_FIELDS: readonly PolicyField[] = [
  { path: ['spec', 'persistence', 'reclaimPolicy'], values: ['Delete', 'Retain'] },
];

/** IOM305: a reclaim policy has a documented value. */
export const reclaimPolicy: Rule = {
  code: 'IOM305',
  name: 'reclaim-policy',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],

  check(subject, world, report) {
    for (const { path, values } of fieldsOf(subject)) {
      const { value } = readString(world, subject, path);
      if (value === undefined || values.includes(value)) continue;
      const right = suggest(value, values);
      report({
        path,
        message: `${formatPath(path)} of ${displayName(subject.ref)} is ${quoted(value)}, but the documented ${plural(values.length, 'value is', 'values are')} ${joined(values.map(quoted))}`,
        // Data may depend on it: a value that resembles no documented one is left to the user.
        help:
          right === undefined
            ? withFields`find out what ${quoted(value)} does before the cluster is deleted: it is not known whether data is then kept`
            : withFields`set ${path} to ${quoted(right)}`,
        fix:
          right === undefined
            ? undefined
            : {
                safety: 'unsafe',
                description: withFields`set ${path} to "${right}"`,
                edits: [{ op: 'replace', path, value: right }],
              },
      });
    }
  },
};

function fieldsOf(subject: Resource): readonly PolicyField[] {
  return subject.kind === 'ZookeeperCluster' ? ZOOKEEPER_FIELDS : CLUSTER_FIELDS;
}
