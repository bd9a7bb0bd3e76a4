import { withFields, fieldList } from '../../base/help-text.ts';
import { formatPath } from '../../base/path.ts';
import { joined } from '../../base/text.ts';
import type { AwaitedField } from '../../defaults/fill.ts';
import { awaitedFields } from '../../defaults/mutate.ts';
import type { Rule } from '../../rule.ts';

/** IOM409: a new object leaves out fields that are taken from an object that does not exist yet. */
export const sourceMissing: Rule = {
  code: 'IOM409',
  name: 'source-missing',
  severity: { lint: 'none', admission: 'deny' },
  // From IOMesh 1.1 on, a StorageClass needs no connection.
  minor: { lint: 'none', admission: 'warn' },
  kinds: ['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap', 'StorageClass'],
  checkChange({ before, after }, _before, world, report) {
    if (before !== undefined || after === undefined) return;
    const bySource = new Map<string, AwaitedField[]>();
    for (const each of awaitedFields(after, world))
      bySource.set(each.source, [...(bySource.get(each.source) ?? []), each]);
    for (const [source, fields] of bySource) {
      const paths = fields.map(({ path }) => path);
      const minor = fields.every(({ optional }) => optional === true);
      report({
        path: paths[0]!,
        message: `${joined(paths.map(formatPath), 3)} cannot be filled in: there is no ${source} yet`,
        help: minor
          ? withFields`if IOMesh 1.0 is installed, set ${fieldList(paths)}; from 1.1 on it is not needed; iomeshVersion in the configuration decides`
          : withFields`apply this object again after it, or set ${fieldList(paths)}`,
        identity: `${after.key}|${source}`,
        evidence: paths.map((path) => path.join('.')),
        minor,
      });
    }
  },
};
