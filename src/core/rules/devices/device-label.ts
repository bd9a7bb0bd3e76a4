import type { FixEdit } from '../../base/edits.ts';
import type { ProposedFix } from '../../finding.ts';
import { at, isArray, isObject, own } from '../../base/json.ts';
import { displayName } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import { suggest } from '../../base/suggest.ts';
import { either, quoted } from '../../base/text.ts';
import type { Rule, Violation } from '../../rule.ts';
import {
  DEVICE_LABEL_PREFIX,
  DEVICE_LABELS,
  DEVICE_MAP,
  deviceMapEntries,
  deviceMapOf,
} from '../../iomesh/device-map.ts';

/** IOM307: a selector of a deviceMap names a label that IOMesh does not set on block devices. */
export const deviceLabel: Rule = {
  code: 'IOM307',
  name: 'device-label',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],
  check(subject, _world, report) {
    for (const [type, entry] of deviceMapEntries(deviceMapOf(subject) ?? {})) {
      const selector = [...DEVICE_MAP, type, 'selector'];
      const labels = at(entry, ['selector', 'matchLabels']);
      for (const key of isObject(labels) ? Object.keys(labels).slice(0, MAX_LABELS) : []) {
        if (!isUnknown(key)) continue;
        const path = [...selector, 'matchLabels'];
        const right = suggest(key, DEVICE_LABELS);
        const fix =
          right === undefined || own(labels, right) !== undefined
            ? undefined
            : fixOf(key, right, { op: 'move', from: [...path, key], path: [...path, right] });
        report({
          ...violation(displayName(subject.ref), type, key, right),
          path: [...path, key],
          part: 'key',
          fix,
        });
      }
      const expressions = at(entry, ['selector', 'matchExpressions']);
      for (const [index, each] of (isArray(expressions) ? expressions.slice(0, MAX_LABELS) : []).entries()) {
        const key = own(each, 'key');
        if (typeof key !== 'string' || !isUnknown(key)) continue;
        const path: Path = [...selector, 'matchExpressions', index, 'key'];
        const right = suggest(key, DEVICE_LABELS);
        const fix =
          right === undefined ? undefined : fixOf(key, right, { op: 'replace', path, value: right });
        report({ ...violation(displayName(subject.ref), type, key, right), path, fix });
      }
    }
  },
};

/** Labels of one selector that are checked. */
const MAX_LABELS = 20;

function isUnknown(key: string): boolean {
  return key.startsWith(DEVICE_LABEL_PREFIX) && !DEVICE_LABELS.includes(key);
}

function violation(
  cluster: string,
  type: string,
  key: string,
  right: string | undefined,
): Omit<Violation, 'path'> {
  return {
    message: `deviceMap entry ${quoted(type)} of ${cluster} selects by the label ${quoted(key)}, which IOMesh does not set on block devices`,
    help: right === undefined ? `use ${either(DEVICE_LABELS)}` : `use ${right}`,
    evidence: [key],
  };
}

function fixOf(key: string, right: string, edit: FixEdit): ProposedFix {
  return { safety: 'unsafe', description: `rename ${quoted(key)} to "${right}"`, edits: [edit] };
}
