import { readString } from '../../schema/read-field.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { suggest } from '../../base/suggest.ts';
import { either, quoted } from '../../base/text.ts';

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

/** IOM305: a reclaim policy is one that is documented. */
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
      const field = formatPath(path);
      report({
        path,
        message: `${field} of ${displayName(subject.ref)} is ${quoted(value)}; documented is ${either(values.map(quoted))}`,
        help:
          right === undefined ? `set ${field} to ${either(values.map(quoted))}` : `did you mean "${right}"?`,
        // What was meant by a word that is not even close is for a person to say: data may depend on it.
        ...(right === undefined
          ? {}
          : {
              fix: {
                safety: 'unsafe',
                description: `set ${field} to "${right}"`,
                edits: [{ op: 'replace', path, value: right }],
              },
            }),
      });
    }
  },
};

function fieldsOf(subject: Resource): readonly PolicyField[] {
  return subject.kind === 'ZookeeperCluster' ? ZOOKEEPER_FIELDS : CLUSTER_FIELDS;
}
