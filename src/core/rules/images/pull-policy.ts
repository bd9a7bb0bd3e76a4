import { imagesOf, imageText } from '../../iomesh/images.ts';
import { at } from '../../base/json.ts';
import { withFields } from '../../base/help-text.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { suggest } from '../../base/suggest.ts';
import { either, quoted } from '../../base/text.ts';

const POLICIES: readonly string[] = ['Always', 'IfNotPresent', 'Never'];

export const pullPolicy: Rule = {
  code: 'IOM405',
  name: 'pull-policy',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  check(subject, world, report) {
    for (const field of imagesOf(subject)) {
      const text = imageText(world, subject, field, 'pullPolicy');
      if (text === undefined || POLICIES.includes(text)) continue;
      const path = field.pullPolicy;
      // Only the definition of the ZookeeperCluster lists the values. None requires the field.
      if (text === '' && (subject.kind === 'IOMeshCluster' || at(subject.json, path) !== text)) continue;
      const meant = suggest(text, POLICIES);
      const value = meant ?? 'IfNotPresent';
      report({
        path,
        message: `${formatPath(path)} is ${quoted(text)}, but Kubernetes accepts only ${either(POLICIES.map(quoted))}`,
        help: withFields`set ${path} to ${meant === undefined ? `one of them, usually ${quoted(value)}` : quoted(value)}`,
        fix: {
          safety: 'unsafe',
          description: `replace it with ${quoted(value)}`,
          edits: [{ op: 'replace', path, value }],
        },
      });
    }
  },
};
