/** Every rule in the webhook: the response has the findings of the core. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { judge, judgeChange } from '../../src/core/judge/judge.ts';
import { KINDS } from '../../src/core/base/model.ts';
import { findRule } from '../../src/core/judge/catalogue.ts';
import { CASES } from '../cases/all.ts';
import { caseChange, caseText, readWorld } from '../cases/harness.ts';
import { appFor, ask, fixed, reviewOf } from '../support/webhook.ts';

describe.each(CASES.filter((each) => each.change.length > 0))('$code', ({ change }) => {
  it.each(change.map((each) => [each.name, each] as const))('%s', async (_name, testCase) => {
    const { world, ...change } = caseChange(testCase);
    const wanted = judgeChange(world, change);
    const { mayDelete } = change;
    const access = mayDelete === undefined ? undefined : { mayDelete: async () => mayDelete };
    const { app, lines } = appFor(fixed(world), { access });
    const { status, response } = await ask(app, '/validate', reviewOf(change));
    expect(status).toBe(200);
    expect(response.allowed).toBe(wanted.denied.length === 0);
    for (const { code, message } of wanted.denied) {
      expect(response.status?.message).toContain(code);
      expect(response.status?.message).toContain(message.slice(0, 60));
    }
    const warnings = (response.warnings ?? []).join('\n');
    for (const { code } of wanted.warned) expect(warnings).toContain(code);
    // An object of others is answered before its name is read; then the line has the level debug.
    const { name } = reviewOf(change).request;
    const isForeign = lines[0]?.['level'] === 20;
    expect(lines[0]).toMatchObject({
      ...{ msg: 'decision', webhook: 'validating' },
      ...(isForeign ? { outcome: 'passed' } : { name }),
    });
    const audit = response.auditAnnotations ?? {};
    expect(new Set((audit['denied'] ?? '').split(',').filter(Boolean))).toEqual(
      new Set(wanted.denied.map((each) => each.code)),
    );
  });
});

describe('lint and the webhook have the same findings for the same objects', () => {
  // What is being deleted does not count for those that come, so at admission it has more findings.
  const worlds = CASES.flatMap(({ code, lint }) =>
    lint
      .filter((each) => !caseText(each).includes('deletionTimestamp'))
      .map((each) => [`${code} ${each.name}`, each] as const),
  );

  it.each(worlds)('%s', (_name, testCase) => {
    const world = readWorld(caseText(testCase), testCase);
    const all = judge(world).findings;
    const pruned = new Set(
      all
        .filter((each) => each.code === 'IOM004' || each.code === 'IOM005')
        .map((each) => each.resource?.key),
    );
    // The webhook adds the required fields that have a default before it evaluates the object.
    const completed = (each: Finding) => each.code === 'IOM006' && (each.fix?.edits?.length ?? 0) > 0;
    const linted = all.filter(
      (each) => findRule(each.code)?.severity.admission !== 'none' && !completed(each),
    );
    for (const kind of KINDS) {
      for (const resource of world.all(kind)) {
        if (resource.ref.name === '') continue;
        const mine = (each: { objects: readonly { key: string }[] }) =>
          each.objects.some((object) => object.key === resource.key);
        const { denied, warned } = judgeChange(world.with({ before: resource }), { after: resource });
        const reported = [...denied, ...warned]
          .filter(mine)
          .filter((each) => findRule(each.code)?.severity.lint !== 'none');
        const wanted = linted.filter(mine);
        // Errors of the schema are rejected or pruned by the apiserver, so findings that they suppress in lint appear.
        const compared = reported.filter(
          (each) => !pruned.has(resource.key) || wanted.some((one) => one.identity === each.identity),
        );
        expect(new Set(compared.map((each) => each.identity)), resource.key).toEqual(
          new Set(wanted.map((each) => each.identity)),
        );
      }
    }
  });
});
