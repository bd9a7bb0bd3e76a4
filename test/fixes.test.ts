/** A fix mends: applied to the object, its finding is gone and no other error has come. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../src/core/base/edits.ts';
import type { Finding } from '../src/core/finding.ts';
import { judge } from '../src/core/judge/judge.ts';
import { KINDS, type Resource, toResource } from '../src/core/base/model.ts';
import { World } from '../src/core/world.ts';
import { caseText, type LintCase, readWorld } from './cases/harness.ts';

const FOLDER = join(import.meta.dirname, 'cases');

/** The world with one object mended, or the values of one file. */
function mended(testCase: LintCase, world: World, finding: Finding): World {
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

/** Nobody relies on a field of a wrong type or place: what it says is judged only once it is mended. */
function isStructural({ code }: Finding): boolean {
  return ['IOM004', 'IOM005', 'IOM006', 'IOM007'].includes(code);
}

for (const file of readdirSync(FOLDER)
  .filter((name) => /^IOM\d+\.ts$/.test(name))
  .sort()) {
  const { lint = [] }: { lint?: readonly LintCase[] } = await import(join(FOLDER, file));
  if (lint.length === 0) continue;
  describe(file.replace('.ts', ''), () => {
    it.each(lint.map((each) => [each.name, each] as const))('%s', (_name, each) => {
      const world = readWorld(caseText(each), each);
      const before = errorsOf(world);
      for (const finding of judge(world).findings) {
        if ((finding.fix?.edits?.length ?? 0) === 0) continue;
        const told = `${finding.code}, ${finding.fix?.description}`;
        const after = mended(each, world, finding);
        const left = judge(after).findings.map(({ identity }) => identity);
        expect(left, told).not.toContain(finding.identity);
        const fresh = [...errorsOf(after)].filter(
          ([identity, { code }]) =>
            !before.has(identity) && !(isStructural(finding) && !code.startsWith('IOM00')),
        );
        expect(
          fresh.map(([, { code, message }]) => `${code} ${message}`),
          told,
        ).toEqual([]);
      }
    });
  });
}
