import type { Resource } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import { type NullParent, valueErrors } from '../../helm/value-errors.ts';
import { joined, quoted } from '../../base/text.ts';

/** So many of the misplaced keys get a related place. */
const MAX_RELATED = 4;

/** IOM802: an empty key of Helm values whose children have the same indentation. */
export const valuesNullParent: Rule = {
  code: 'IOM802',
  name: 'values-null-parent',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld(world, report) {
    for (const [index, values] of world.helmValues.entries())
      for (const parent of valueErrors(values, world.iomeshVersion).nullParents)
        report(violationOf(values, parent, index));
  },
};

function violationOf(values: Resource, { path, children }: NullParent, index: number): Violation {
  const key = String(path.at(-1));
  const names = joined(children.map((child) => quoted(String(child.at(-1)))));
  const description = `indent ${names} so that ${children.length === 1 ? 'it is' : 'they are'} under ${quoted(key)}`;
  return {
    path,
    part: 'key',
    subject: values,
    identity: `${values.key}|${index}|${formatPath(path)}`,
    message: `${quoted(formatPath(path))} is empty, but ${names} ${children.length === 1 ? 'is' : 'are'} next to it and ${children.length === 1 ? 'belongs' : 'belong'} under it`,
    label: 'empty',
    evidence: [],
    help: description,
    related: children.slice(0, MAX_RELATED).map((child) => ({
      resource: values,
      path: child,
      part: 'key' as const,
      message: `belongs under ${quoted(key)}`,
    })),
    fix: { safety: 'shown', description },
  };
}
