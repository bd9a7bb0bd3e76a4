/** What is remembered answers as judging again would, is bounded, and is gone with its world. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/base/json.ts';
import { type Change, type Resource, toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';
import { admit, intentOf } from '../../src/admission/admit.ts';
import type { AppOptions } from '../../src/webhook/app.ts';
import { passed } from '../../src/admission/decision.ts';
import { Repeats } from '../../src/webhook/repeats.ts';
import { parseReview } from '../../src/admission/review.ts';
import { editObject } from '../core/judge/edits.ts';
import { changeOf, changeSteps, changeText, worlds } from '../core/judge/worlds.ts';
import { appFor, ask, reviewOf } from './support.ts';

const UIDS = ['705ab4f5-6393-11e8-b7cc-42010a800002', '0a3f14b2-91e1-4f9c-8f0e-8f6d3a2b7c11'] as const;

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
        const { app, lines } = appFor({ ready: true, current: () => world, atHand: () => world });
        for (const [index, each] of turns.entries()) {
          world = both[each.world]!;
          const change = changeOf(world, steps[each.change]!);
          if (change === undefined) continue;
          const written = rewritten(change, METADATA[each.metadata]!, each.edit ?? undefined);
          // The third time it is remembered.
          for (const time of ['1', '2', '3']) {
            const uid = `${UIDS[0].slice(0, -3)}${time}${String(index).padStart(2, '0')}`;
            const review = reviewOf(written, { uid, dryRun: each.dryRun });
            const request = parseReview(JSON.parse(JSON.stringify(review)));
            const wanted = admit(request, intentOf(request), world);
            const { response } = await ask(app, '/validate', review);
            expect(response, changeText(written)).toEqual(wanted.response.response);
            expect(lines.at(-1)).toMatchObject({ uid, outcome: wanted.outcome });
          }
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

function textOf(name: string, uid: string = UIDS[0], more: JsonObject = {}): string {
  return JSON.stringify(reviewOf({ after: pool(name, more) }, { uid }));
}

/** Asks about a text, noting the answer where it was not known; tells whether it was. */
function asker(limits = {}) {
  const repeats = new Repeats(limits);
  const asked = (world: World, text: string, door: 'validate' | 'mutate' = 'validate'): boolean => {
    if (repeats.find(world, door, text) !== undefined) return true;
    const request = parseReview(JSON.parse(text));
    repeats.note(world, door, text, { request, decision: passed(request) });
    return false;
  };
  return { repeats, asked };
}

it('knows what it was asked twice, whatever the uid, and answers to the new one', () => {
  const { repeats, asked } = asker();
  const world = empty();
  expect([1, 2, 3, 4].map(() => asked(world, textOf('a')))).toEqual([false, false, true, true]);
  const again = repeats.find(world, 'validate', textOf('a', UIDS[1]));
  expect(again?.decision.response.response).toEqual({ uid: UIDS[1], allowed: true });
  expect(again?.request).toMatchObject({ uid: UIDS[1], name: 'a', operation: 'CREATE' });
});

it('logs what is remembered as it logged what was judged', async () => {
  const world = empty();
  const { app, lines } = appFor({ ready: true, current: () => world, atHand: () => world });
  for (let turn = 0; turn < 5; turn += 1) await ask(app, '/validate', textOf('a', UIDS[turn % 2]));
  const common = lines.map(({ uid: _uid, ms: _ms, time: _time, ...rest }) => rest);
  expect(new Set(common.map((each) => JSON.stringify(Object.entries(each).sort()))).size).toBe(1);
  expect(common[0]).toMatchObject({
    webhook: 'validate',
    user: 'kubernetes-admin',
    name: 'a',
    msg: 'decision',
  });
  expect(lines.map(({ uid }) => uid)).toEqual([UIDS[0], UIDS[1], UIDS[0], UIDS[1], UIDS[0]]);
  await app.close();
});

it('tells apart texts that differ anywhere, webhooks and worlds', () => {
  const { asked } = asker();
  const world = empty();
  for (let turn = 0; turn < 3; turn += 1) asked(world, textOf('a', UIDS[0], { labels: { size: '1' } }));
  expect(asked(world, textOf('a', UIDS[0], { labels: { size: '1' } }))).toBe(true);
  expect(asked(world, textOf('a', UIDS[0], { labels: { size: '2' } }))).toBe(false);
  expect(asked(world, textOf('a', UIDS[0], { labels: { size: '1' } }), 'mutate')).toBe(false);
  expect(asked(empty(), textOf('a', UIDS[0], { labels: { size: '1' } }))).toBe(false);
});

it('one character in a long text is enough', () => {
  fc.assert(
    fc.property(fc.nat(), (place) => {
      const { repeats, asked } = asker();
      const world = empty();
      const text = textOf('a', UIDS[0], { annotations: { long: 'x'.repeat(5000) } });
      asked(world, text);
      asked(world, text);
      const start = text.indexOf('xxxx') + (place % 5000);
      const other = `${text.slice(0, start)}y${text.slice(start + 1)}`;
      expect(repeats.find(world, 'validate', other)).toBeUndefined();
      expect(repeats.find(world, 'validate', text)).toBeDefined();
    }),
  );
});

it('a uid that is not what it seems is never taken for one', () => {
  const { repeats, asked } = asker();
  const world = empty();
  const text = textOf('a');
  asked(world, text);
  asked(world, text);
  for (const uid of [
    '705ab4f5-6393-11e8-b7cc-42010a80\\"x"',
    `${UIDS[0].slice(0, 30)}\\u0041`,
    '"'.repeat(36),
  ])
    expect(repeats.find(world, 'validate', text.replace(UIDS[0], uid)), uid).toBeUndefined();
  // Said twice: JSON takes the last, so the first is not the request's.
  const twice = text.replace('"kind":{', `"uid":"${UIDS[1]}","kind":{`);
  expect([1, 2, 3].map(() => asked(world, twice))).toEqual([false, false, false]);
});

it('keeps so many, and of so much text, and forgets what was asked longest ago', () => {
  const long = textOf('a').length;
  const { asked, repeats } = asker({ count: 3, characters: long * 3 + 10, each: long + 200 });
  const world = empty();
  for (const name of ['a', 'b', 'c', 'a', 'd'])
    for (let turn = 0; turn < 3; turn += 1) asked(world, textOf(name));
  expect(repeats.size(world)).toEqual({ count: 3, characters: long * 3 });
  expect(asked(world, textOf('a'))).toBe(true);
  expect(asked(world, textOf('b'))).toBe(false);
  const large = textOf('e', UIDS[0], { annotations: { note: 'x'.repeat(100) } });
  for (let turn = 0; turn < 3; turn += 1) asked(world, large);
  expect(repeats.size(world).characters).toBeLessThanOrEqual(long * 3 + 10);
  const tooLarge = textOf('f', UIDS[0], { annotations: { note: 'x'.repeat(300) } });
  expect([1, 2, 3].map(() => asked(world, tooLarge))).toEqual([false, false, false]);
});

it('with a ledger every request is judged beside the others, however often it comes', async () => {
  const world = empty();
  let rounds = 0;
  const ledger: NonNullable<AppOptions['ledger']> = {
    async decide({ judge }) {
      rounds += 1;
      return judge(world).answer;
    },
  };
  const source = { ready: true, current: () => world, atHand: () => world };
  const { app } = appFor(source, { ledger });
  for (let turn = 0; turn < 5; turn += 1) await ask(app, '/validate', textOf('a'));
  expect(rounds).toBe(5);
  await app.close();
});
