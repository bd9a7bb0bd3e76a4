import { at } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import { quoted } from '../../base/text.ts';
import { CHART_SECTIONS } from '../../helm/chart.ts';
import { isReplaced, valueErrors } from '../../helm/value-errors.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';

/** IOM804: null in place of a section that the templates need. */
export const valuesNullSection: Rule = {
  code: 'IOM804',
  name: 'values-null-section',
  severity: { lint: 'error', admission: 'none' },
  fix: 'shown',
  kinds: [],
  checkWorld(world, report) {
    for (const [index, values] of world.helmValues.entries())
      for (const path of nullSections(values, index, world)) {
        const description = `remove ${formatPath(path)}, or set values in it`;
        report({
          path,
          part: 'key',
          subject: values,
          identity: `${values.key}|${index}|${formatPath(path)}`,
          message: `${quoted(formatPath(path))} is empty: Helm removes its defaults, and a template fails`,
          label: 'empty',
          evidence: [],
          help: description,
          fix: { safety: 'shown', description },
        });
      }
  },
};

/** The null sections of one file that no later file replaces, and that IOM802 does not report. */
function nullSections(
  values: Resource,
  index: number,
  { helmValues, iomeshVersion }: World,
): readonly Path[] {
  const { nullParents } = valueErrors(values, iomeshVersion);
  return CHART_SECTIONS.filter(
    ({ path, optional }) =>
      optional !== true &&
      at(values.json, path) === null &&
      !nullParents.some((parent) => formatPath(parent.path) === formatPath(path)) &&
      !isReplaced(helmValues, index, path),
  ).map(({ path }) => path);
}
