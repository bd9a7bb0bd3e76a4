/**
 * Whatever stands in an object, judging it ends in findings that say something, and not too much. What a
 * terminal could not show of a value, the doors take out.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/edits.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import type { Path } from '../../../src/core/base/path.ts';
import { World } from '../../../src/core/world.ts';
import { configs, resourcesOf, worlds } from './worlds.ts';

const STRANGE: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2n ** 70n,
  '',
  ' ',
  'a\nb\u001b[31m',
  '__proto__',
  'x'.repeat(600),
  '/',
  '<a>',
  [],
  {},
  [null],
  [[[[]]]],
  [{}, 1, 'a', null],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": null}') as JsonObject,
  { matchLabels: 1, matchExpressions: {}, key: [], values: {} },
];

/** Every path of a value that leads to something. */
function paths(value: Json, at: Path = []): Path[] {
  const children: [string | number, Json][] = isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [at, ...children.flatMap(([key, child]) => paths(child, [...at, key]))];
}

/** An object with strange values in some of its places, and the same kind and identity. */
function spoil(resource: Resource, places: readonly (readonly [number, number])[]): Resource {
  let json = resource.json;
  for (const [place, value] of places) {
    const all = paths(json).slice(1);
    const path = all[place % all.length] as Path;
    json = applyEdits(json, [{ op: 'replace', path, value: STRANGE[value % STRANGE.length]! }]);
  }
  const { apiVersion, kind, name, namespace } = resource.ref;
  const { json: spoilt } = { json: { ...json, apiVersion, kind } };
  return toResource(spoilt, { name, ...(namespace === undefined ? {} : { namespace }) }) ?? resource;
}

const places = fc.array(fc.tuple(fc.nat(5000), fc.nat(5000)), { minLength: 1, maxLength: 4 });

const hostileWorlds = fc
  .tuple(worlds, configs, fc.array(places, { minLength: 30, maxLength: 30 }))
  .map(([world, config, spoilt]) => {
    const resources = resourcesOf(world).map((each, index) => spoil(each, spoilt[index % spoilt.length]!));
    return World.of({ resources, config, today: world.today });
  });

function check({ message, help, label, related }: Finding): void {
  for (const text of [message, help ?? '', label, ...related.map((each) => each.message)]) {
    expect(text).not.toMatch(/undefined|\[object|NaN/);
    expect(text.length, text.slice(0, 200)).toBeLessThan(4000);
  }
}

it('a world of strange values', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(hostileWorlds, (world) => judge(world).findings.forEach(check)),
    { numRuns: Number(process.env['JUDGE_RUNS'] ?? 150) },
  );
});

it('a change to or from strange values', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(hostileWorlds, fc.nat(500), places, (world, pick, spoilt) => {
      const all = resourcesOf(world);
      const before = all[pick % Math.max(1, all.length)];
      if (before === undefined) return;
      const { denied, warned } = judgeChange(world, { before, after: spoil(before, spoilt) });
      [...denied, ...warned].forEach(check);
      judgeChange(world, { before });
    }),
    { numRuns: Number(process.env['JUDGE_RUNS'] ?? 150) },
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
