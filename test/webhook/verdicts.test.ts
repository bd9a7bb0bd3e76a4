/** What is remembered answers as judging again would, is bounded, and is gone with its world. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { type Resource, toResource } from '../../src/core/model.ts';
import type { Change } from '../../src/core/rule.ts';
import { World } from '../../src/core/world.ts';
import { admit, intentOf } from '../../src/webhook/admit.ts';
import { type Decision, passed } from '../../src/webhook/decision.ts';
import { parseReview } from '../../src/webhook/review.ts';
import { Verdicts } from '../../src/webhook/verdicts.ts';
import { editObject } from '../judge/edits.ts';
import { changeOf, changeSteps, changeText, worlds } from '../judge/worlds.ts';
import { appFor, ask, reviewOf } from './support.ts';

/** What differs between two writes of one object, some of it read by rules and some not. */
const METADATA: readonly JsonObject[] = [
  {},
  { uid: 'a', resourceVersion: '1', generation: 1, managedFields: [] },
  { uid: 'b', resourceVersion: '2', generation: 2, managedFields: [{ manager: 'kubectl' }] },
  { creationTimestamp: '2026-11-23T10:00:00Z' },
  { deletionTimestamp: '2026-11-23T10:00:00Z' },
  { annotations: { 'iomesh-guard.io/waive': 'IOM701=it comes later' } },
];

it('an answer is the same whether the change was judged before or not', { timeout: 600_000 }, async () => {
  const turn = fc.record({
    change: fc.nat(3),
    metadata: fc.nat(METADATA.length - 1),
    edit: fc.option(fc.record({ field: fc.nat(400), value: fc.nat(400) }), { freq: 3 }),
    world: fc.nat(1),
    dryRun: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(worlds, worlds),
      fc.array(changeSteps, { minLength: 4, maxLength: 4 }),
      fc.array(turn, { minLength: 4, maxLength: 24 }),
      async (both, steps, turns) => {
        let world = both[0];
        const { app, lines } = appFor({ ready: true, current: () => world });
        for (const [index, each] of turns.entries()) {
          world = both[each.world]!;
          const change = changeOf(world, steps[each.change]!);
          if (change === undefined) continue;
          const written = rewritten(change, METADATA[each.metadata]!, each.edit ?? undefined);
          const review = reviewOf(written, { uid: `request-${index}`, dryRun: each.dryRun });
          const request = parseReview(JSON.parse(JSON.stringify(review)));
          const wanted = admit(request, intentOf(request), world);
          const { response } = await ask(app, '/validate', review);
          expect(response, changeText(written)).toEqual(wanted.response.response);
          expect(lines.at(-1)).toMatchObject({ uid: `request-${index}`, outcome: wanted.outcome });
        }
        await app.close();
      },
    ),
    { numRuns: Number(process.env['VERDICT_RUNS'] ?? 150) },
  );
});

function rewritten(
  { before, after }: Change,
  metadata: JsonObject,
  edit: { field: number; value: number } | undefined,
): Change {
  const write = (resource: Resource): Resource => {
    const json = edit === undefined ? resource.json : editObject(resource.json, edit.field, edit.value);
    const own = json['metadata'] as JsonObject;
    return toResource({ ...json, metadata: { ...own, ...metadata } }) ?? resource;
  };
  return { ...(before && { before }), ...(after && { after: write(after) }) };
}

const empty = () => World.of({ resources: [], today: '2026-11-23' });

function pool(name: string, more: JsonObject = {}): Resource {
  const metadata = { name, namespace: name, ...more };
  return toResource({ apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', metadata, spec: {} })!;
}

/** Verdicts, and how often one had to be made. */
function counted(limits = {}) {
  const verdicts = new Verdicts(limits);
  const decision: Decision = passed(parseReview(reviewOf({ after: pool('any') })));
  let judged = 0;
  const judge = () => {
    judged += 1;
    return decision;
  };
  return {
    verdicts,
    /** Decides, and says whether that took a judgement. */
    decide(world: World, change: Change, bytes = 1000): boolean {
      const before = judged;
      verdicts.decide(world, change, bytes, judge);
      return judged > before;
    },
  };
}

it('judges the same change of the same world once', () => {
  const { decide } = counted();
  const world = empty();
  expect(decide(world, { after: pool('a') })).toBe(true);
  expect(decide(world, { after: pool('a') })).toBe(false);
  expect(decide(world, { after: pool('a', { uid: 'x', resourceVersion: '7' }) })).toBe(true);
  expect(decide(world, { after: pool('a', { uid: 'y', resourceVersion: '8' }) })).toBe(false);
});

it('tells apart what a rule could tell apart', () => {
  const { decide } = counted();
  const world = empty();
  const [small, large] = [pool('a', { labels: { size: '1' } }), pool('a', { labels: { size: '2' } })];
  expect(decide(world, { after: small })).toBe(true);
  expect(decide(world, { after: large })).toBe(true);
  expect(decide(world, { before: large, after: large })).toBe(true);
  expect(decide(world, { before: small, after: large })).toBe(true);
  expect(decide(world, { before: large })).toBe(true);
  expect(decide(world, { before: large })).toBe(false);
  expect(decide(world, { before: pool('a', { deletionTimestamp: '2026-11-23T10:00:00Z' }) })).toBe(true);
});

it('a new world, though it holds the same objects, is judged anew', () => {
  const { decide, verdicts } = counted();
  const [first, second] = [empty(), empty()];
  expect(decide(first, { after: pool('a') })).toBe(true);
  expect(decide(second, { after: pool('a') })).toBe(true);
  expect(verdicts.size(second).count).toBe(1);
});

it('keeps so many, and of so much text, and forgets what was asked longest ago', () => {
  const { decide, verdicts } = counted({ count: 3, bytes: 5000, each: 4000 });
  const world = empty();
  for (const name of ['a', 'b', 'c', 'a', 'd']) decide(world, { after: pool(name) });
  expect(verdicts.size(world)).toEqual({ count: 3, bytes: 3000 });
  expect(decide(world, { after: pool('a') })).toBe(false);
  expect(decide(world, { after: pool('b') })).toBe(true);
  decide(world, { after: pool('e') }, 4000);
  expect(verdicts.size(world)).toEqual({ count: 2, bytes: 5000 });
  expect(decide(world, { after: pool('f') }, 4001)).toBe(true);
  expect(decide(world, { after: pool('f') }, 4001)).toBe(true);
  expect(decide(world, { after: pool('g') }, Number.NaN)).toBe(true);
  expect(verdicts.size(world)).toEqual({ count: 2, bytes: 5000 });
});

it('a deeply nested object is judged each time, and harms nothing', () => {
  const { decide } = counted();
  const world = empty();
  let deep: JsonObject = {};
  for (let depth = 0; depth < 20_000; depth += 1) deep = { deep };
  const after = pool('a', { labels: deep });
  expect(decide(world, { after })).toBe(true);
  expect(decide(world, { after: pool('a', { labels: { ...deep } }) })).toBe(true);
});
