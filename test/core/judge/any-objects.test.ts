/** All rules on any objects: they never throw, and a change reports what it introduces. */
import fc from 'fast-check';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/base/json.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { World } from '../../../src/core/world.ts';
import { baseDocuments } from '../../cases/harness.ts';

const BASE = [...baseDocuments().values()].map((text) => load(text) as JsonObject);
const TODAY = '2026-11-23';

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 2, '', '<a>', {}, [], [null], [{}], 'a/b', 10n ** 30n, 'iomesh-system'),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc
    .constantFrom('IOM405', 'IOM405=a;until=2020-01-01', 'a=b;c;until=', ';;', 'x'.repeat(5000))
    .map((waive) => ({ 'iomesh-guard.io/waive': waive })),
);

/** One of the correct objects, with something else in a place or two, or without it. */
const edited = fc
  .tuple(fc.constantFrom(...BASE), fc.array(fc.tuple(fc.nat(), fc.option(value)), { maxLength: 2 }))
  .map(([base, edits]) => {
    const json = structuredClone(base) as Record<string, unknown>;
    for (const [pick, each] of edits) {
      const places = [...placesOf(json)];
      const place = places[pick % Math.max(places.length, 1)];
      if (place === undefined) continue;
      const [holder, key] = place;
      // No JSON has a hole in a list.
      if (each === null && Array.isArray(holder)) holder.splice(Number(key), 1);
      else if (each === null) delete holder[key];
      else holder[key] = structuredClone(each);
    }
    return toResource(json as JsonObject);
  })
  .filter((resource): resource is Resource => resource !== undefined && resource.ref.name !== '');

it('never throws, and reports for a change the findings of the world after that the world before did not have', () => {
  fc.assert(
    fc.property(fc.array(edited, { maxLength: 6 }), edited, (resources, after) => {
      const known = BASE.map((json) => toResource(json)!);
      const world = World.of({ resources: [...resources, ...known], today: TODAY, mode: 'admission' });
      const before = world.getByKey(after.key);
      const change = before === undefined ? { after } : { before, after };
      const now = judge(world.with(change)).findings;
      const then = new Set(judge(world).findings.map(({ identity }) => identity));
      const { denied, warned, waived } = judgeChange(world, change);
      const answered = new Set([...denied, ...warned, ...waived].map(({ identity }) => identity));
      // Who lags behind a changed management cluster is told by IOM403, in one finding.
      const judged = rules
        .filter(({ severity }) => severity.admission !== 'none')
        .map(({ code }) => code)
        .filter((code) => code !== 'IOM401');
      const fresh = now.filter(({ identity, code }) => !then.has(identity) && judged.includes(code));
      expect(fresh.filter(({ identity }) => !answered.has(identity)).map(({ identity }) => identity)).toEqual(
        [],
      );
      for (const { identity } of denied) expect(now.map((each) => each.identity)).toContain(identity);
    }),
    { numRuns: 300 },
  );
});

function* placesOf(
  json: Record<string | number, unknown>,
): Iterable<[Record<string | number, unknown>, string | number]> {
  const keys = Array.isArray(json) ? [...json.keys()] : Object.keys(json);
  for (const key of keys) {
    if (key !== 'apiVersion' && key !== 'kind') yield [json, key];
    const below = json[key];
    if (typeof below === 'object' && below !== null) yield* placesOf(below as Record<string, unknown>);
  }
}
