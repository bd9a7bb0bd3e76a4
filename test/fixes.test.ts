/** A fix, applied to its object, resolves the finding and introduces no error. */
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../src/core/base/edits.ts';
import type { Finding } from '../src/core/finding.ts';
import { judge } from '../src/core/judge/judge.ts';
import { KINDS, type Resource, toResource } from '../src/core/base/model.ts';
import { World } from '../src/core/world.ts';
import { CASES } from './cases/all.ts';
import { caseText, type LintCase, readWorld } from './cases/harness.ts';

/** The world with the fix of one finding, in its object or in the values of one file. */
function fixedWorld(testCase: LintCase, world: World, finding: Finding): World {
  if (finding.resource !== undefined && world.helmValues.includes(finding.resource)) {
    const values = JSON.stringify(applyEdits(finding.resource.json, finding.fix?.edits ?? []));
    return readWorld(caseText(testCase), { ...testCase, values });
  }
  const resources = KINDS.flatMap((kind) => [...world.all(kind)]);
  const changed = resources.map((resource) =>
    resource === finding.resource ? edited(resource, finding) : resource,
  );
  expect(changed, 'the finding is on an object of the world').not.toEqual(resources);
  const { config, today, inputErrors, unread } = world;
  return World.of({ resources: changed, config, today, inputErrors, unread });
}

function edited(resource: Resource, finding: Finding): Resource {
  const json = applyEdits(resource.json, finding.fix?.edits ?? []);
  return toResource(json, resource.source === undefined ? {} : { source: resource.source })!;
}

function errorsOf(world: World): Map<string, Finding> {
  return new Map(
    judge(world)
      .findings.filter(({ severity }) => severity === 'error')
      .map((finding) => [finding.identity, finding]),
  );
}

/** True for a schema error: other rules check its field only after it is fixed. */
function isSchemaError({ code }: Finding): boolean {
  return ['IOM004', 'IOM005', 'IOM006', 'IOM007'].includes(code);
}

describe.each(CASES.filter(({ lint }) => lint.length > 0))('the fixes of $code', ({ lint }) => {
  it.each(lint.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const world = readWorld(caseText(each), each);
    const before = errorsOf(world);
    for (const finding of judge(world).findings) {
      if ((finding.fix?.edits?.length ?? 0) === 0) continue;
      const description = `${finding.code}, ${finding.message}`;
      const after = fixedWorld(each, world, finding);
      const left = judge(after).findings.map(({ identity }) => identity);
      expect(left, description).not.toContain(finding.identity);
      const introduced = [...errorsOf(after)].filter(
        ([identity, { code }]) =>
          !before.has(identity) && !(isSchemaError(finding) && !code.startsWith('IOM00')),
      );
      expect(
        introduced.map(([, { code, message }]) => `${code} ${message}`),
        description,
      ).toEqual([]);
    }
  });
});
