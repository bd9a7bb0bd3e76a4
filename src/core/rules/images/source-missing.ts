import { withFields, fieldList } from '../../base/help-text.ts';
import { formatPath, type Path } from '../../base/path.ts';
import { joined } from '../../base/text.ts';
import { awaitedFields } from '../../defaults/mutate.ts';
import type { Rule } from '../../rule.ts';

/** IOM409: a new object leaves out fields that are taken from an object that does not exist yet. */
export const sourceMissing: Rule = {
  code: 'IOM409',
  name: 'source-missing',
  severity: { lint: 'none', admission: 'deny' },
  kinds: ['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap', 'StorageClass'],
  checkChange({ before, after }, _before, world, report) {
    if (before !== undefined || after === undefined) return;
    const bySource = new Map<string, Path[]>();
    for (const { path, source } of awaitedFields(after, world))
      bySource.set(source, [...(bySource.get(source) ?? []), path]);
    for (const [source, paths] of bySource)
      report({
        path: paths[0]!,
        message: `${joined(paths.map(formatPath), 3)} cannot be filled in: there is no ${source} yet`,
        help: withFields`apply this object again after it, or set ${fieldList(paths)}`,
        identity: `${after.key}|${source}`,
        evidence: paths.map((path) => path.join('.')),
      });
  },
};
