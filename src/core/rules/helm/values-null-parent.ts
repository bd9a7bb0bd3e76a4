import type { Resource } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import { type NullParent, valuesFaults } from '../../helm/faults.ts';
import { joined, quoted } from '../../base/text.ts';

/** Of so many strayed keys the place is shown. */
const MAX_SHOWN = 4;

/** IOM802: a key of Helm values whose children stand beside it. */
export const valuesNullParent: Rule = {
  code: 'IOM802',
  name: 'values-null-parent',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld(world, report) {
    for (const [index, values] of world.helmValues.entries())
      for (const parent of valuesFaults(values).nullParents) report(violation(values, parent, index));
  },
};

function violation(values: Resource, { path, children }: NullParent, index: number): Violation {
  const key = String(path.at(-1));
  const names = joined(children.map((child) => quoted(String(child.at(-1)))));
  const description = `indent ${names} until ${children.length === 1 ? 'it stands' : 'they stand'} below ${quoted(key)}`;
  return {
    path,
    part: 'key',
    subject: values,
    identity: `${values.key}|${index}|${formatPath(path)}`,
    message: `${quoted(formatPath(path))} is empty: ${names} ${children.length === 1 ? 'stands' : 'stand'} beside it, not below it`,
    label: 'empty',
    evidence: [],
    help: description,
    related: children.slice(0, MAX_SHOWN).map((child) => ({
      resource: values,
      path: child,
      part: 'key' as const,
      message: `belongs below ${quoted(key)}`,
    })),
    fix: { safety: 'shown', description },
  };
}
