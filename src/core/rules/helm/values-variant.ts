import { atLeast } from '../../base/iomesh-version.ts';
import { at, type Json, typeName } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import { suggest } from '../../base/suggest.ts';
import { either, quoted } from '../../base/text.ts';
import { ROOT, VARIANTS } from '../../helm/chart.ts';
import { isReplaced } from '../../helm/value-errors.ts';
import type { Rule, Violation } from '../../rule.ts';

const KEYS = ['edition', 'platform'] as const;
type VariantKey = (typeof KEYS)[number];

/** IOM803: an edition or platform of Helm values that chart 1.0 does not know. */
export const valuesVariant: Rule = {
  code: 'IOM803',
  name: 'values-variant',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: [],
  checkWorld(world, report) {
    // From 1.1 on they are fields of the IOMeshCluster, which IOM005 checks.
    if (atLeast(world.iomeshVersion, '1.1')) return;
    for (const key of KEYS) {
      for (const [index, values] of world.helmValues.entries()) {
        const value = at(values.json, [ROOT, key]);
        if (value === undefined || value === null || value === '') continue;
        if (VARIANTS[key].includes(value as string)) continue;
        if (!isReplaced(world.helmValues, index, [ROOT, key])) report(violationOf(values, key, value, index));
      }
    }
  },
};

function violationOf(values: Resource, key: VariantKey, value: Json, index: number): Violation {
  const path = [ROOT, key];
  const known = VARIANTS[key];
  const text = typeof value === 'object' ? typeName(value) : String(value);
  const meant = suggest(text, known) ?? known.find((each) => each.startsWith(text.toLowerCase()));
  const effect =
    key === 'edition'
      ? 'no image has this tag'
      : 'the chart ignores any other value, and installs the images for other CPUs';
  const names = known.map((each) => quoted(each));
  const base = {
    path,
    subject: values,
    identity: `${values.key}|${index}|${formatPath(path)}`,
    message: `${formatPath(path)} is ${quoted(text)}; the chart knows ${either(names)}, and ${effect}`,
  };
  if (meant === undefined)
    return { ...base, help: `set ${formatPath(path)} to ${either(names)}, or remove it` };
  const description = `set ${formatPath(path)} to ${quoted(meant)}`;
  // The images for Hygon CPUs run on no other CPU.
  if (key === 'platform')
    return { ...base, help: `${description}, or remove it`, fix: { safety: 'shown', description } };
  return {
    ...base,
    help: description,
    fix: { safety: 'unsafe', description, edits: [{ op: 'replace', path, value: meant }] },
  };
}
