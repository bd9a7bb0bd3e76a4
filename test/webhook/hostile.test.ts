/** Hostile requests: they never crash the server, never get a denied object allowed, and never flood log or metrics. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseText, readWorld } from '../cases/harness.ts';
import { appFor, ask, fixed, metric, reviewOf } from '../support/webhook.ts';
import { runsOf } from '../support/runs.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/admission-reviews');
const REVIEWS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'));
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

const world = readWorld(caseText({ name: 'hostile' }), { name: 'hostile' });
const text = caseText({
  name: 'hostile',
  edit: { 'IOMeshCluster/iomesh-cluster-1': [['k8s-worker-3', 'k8s-worker-2', 3]] },
});
const overlapping = readWorld(text, { name: 'hostile' }).get(
  'IOMeshCluster',
  'iomesh-cluster-1',
  'iomesh-cluster-1',
)!;
const stored = world.get('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1')!;
const denied = reviewOf({ before: stored, after: overlapping });

const evil = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    [],
    {},
    [[]],
    '\u0000\u001b[2J\r\n',
    '__proto__',
    'x'.repeat(100_000),
  ),
  fc.jsonValue({ maxDepth: 4 }),
);

type Tree = Record<string, unknown>;

/** Every place in a tree: the object or list that holds it, and the key. */
function places(value: unknown, found: [Tree, string][] = []): [Tree, string][] {
  if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value)) {
      found.push([value as Tree, key]);
      places((value as Tree)[key], found);
    }
  return found;
}

describe('the webhook', () => {
  it(`answers or rejects mutated reviews without an internal error (SEED=${SEED})`, async () => {
    const { app, metrics } = appFor(fixed(world));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...REVIEWS, JSON.stringify(denied)),
        fc.array(fc.tuple(fc.nat(), evil), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('/validate', '/mutate'),
        async (body, edits, path) => {
          const review = JSON.parse(body);
          for (const [where, value] of edits) {
            const all = places(review);
            const [holder, key] = all[where % all.length]!;
            // A copy, so that the next edit cannot insert the value into itself.
            holder[key] = structuredClone(value);
          }
          const { status } = await ask(app, path as '/validate', review);
          expect([200, 400, 422]).toContain(status);
        },
      ),
      { numRuns: runsOf(1500), seed: SEED },
    );
    expect(await metric(metrics, 'iomesh_guard_failures_total', { reason: 'internal' })).toBeUndefined();
  });

  it(`denies an object whatever fields are added to it (SEED=${SEED})`, async () => {
    const { app } = appFor(fixed(world));
    expect((await ask(app, '/validate', denied)).response.allowed).toBe(false);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.constantFrom('__proto__', 'constructor', 'toString', 'zz', '\u0000', 'hasOwnProperty'),
            evil,
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        async (edits) => {
          const review = JSON.parse(JSON.stringify(denied));
          for (const [where, key, value] of edits) {
            // Not in annotations: a waiver may allow the object.
            const all = places(review.request.object.spec).filter(
              ([holder, at]) => !Array.isArray(holder) && typeof holder[at] === 'object',
            );
            const [holder, at] = all[where % all.length]!;
            const child = holder[at] as Tree;
            if (typeof child !== 'object' || child === null || Array.isArray(child)) continue;
            Object.defineProperty(child, key, {
              value: structuredClone(value),
              enumerable: true,
              configurable: true,
              writable: true,
            });
          }
          const { status, response } = await ask(app, '/validate', review);
          expect(status).toBe(200);
          expect(response.allowed).toBe(false);
        },
      ),
      { numRuns: runsOf(500), seed: SEED },
    );
  });

  it.each<[string, string]>([
    ['an empty body', ''],
    ['invalid JSON', '{"kind":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['another kind', '{"kind":"Pod","apiVersion":"v1"}'],
    ['a review without a request', '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}'],
    ['v1beta1', JSON.stringify({ ...denied, apiVersion: 'admission.k8s.io/v1beta1' })],
    [
      'an unknown operation',
      JSON.stringify({ ...denied, request: { ...denied.request, operation: 'PATCH' } }),
    ],
    ['a list as an object', JSON.stringify({ ...denied, request: { ...denied.request, object: [] } })],
  ])('answers %s with 400 and a reason', async (_name, body) => {
    const { app, metrics } = appFor(fixed(world));
    const reply = await app.inject({
      method: 'POST',
      url: '/validate',
      headers: { 'content-type': 'application/json' },
      payload: body,
    });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ kind: 'Status', message: expect.any(String) });
    expect(await metric(metrics, 'iomesh_guard_failures_total', { reason: 'request' })).toBe(1);
  });

  it.each(['__proto__', 'constructor'])('treats %s in an object as an ordinary key', async (key) => {
    const { app } = appFor(fixed(world));
    const body = JSON.stringify(denied).replace('"spec":{', `"spec":{"${key}":{"prototype":{"meta":null}},`);
    expect(body).toContain(key);
    const { status, response } = await ask(app, '/validate', body);
    expect(status).toBe(200);
    expect(response.allowed).toBe(false);
  });

  it('evaluates deeply nested objects', async () => {
    const { app } = appFor(fixed(world));
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const body = JSON.stringify(denied).replace('"spec":{', `"spec":{"deep":${deep},`);
    const { status, response } = await ask(app, '/validate', body);
    expect([status, response.allowed]).toEqual([200, false]);
  });

  it('answers an internal error with 500 without its message', async () => {
    const { app, metrics, lines } = appFor({
      ready: true,
      current: () => {
        throw new TypeError('the secret of the house');
      },
    });
    const reply = await app.inject({
      method: 'POST',
      url: '/validate',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(denied),
    });
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain('secret');
    expect(await metric(metrics, 'iomesh_guard_failures_total', { reason: 'internal' })).toBe(1);
    expect(lines.some((line) => line['msg'] === 'review failed')).toBe(true);
  });
});

describe('the names of a request', () => {
  const named = (field: string, value: unknown) => {
    const kind = { group: 'iomesh.com', version: 'v1alpha1', kind: 'IOMeshCluster' };
    const more = field === 'kind' ? { kind: { ...kind, kind: value } } : { [field]: value };
    return reviewOf({ after: stored }, { operation: 'CONNECT', ...more });
  };

  it.each(['kind', 'name', 'namespace', 'subResource'])('are rejected if too long: %s', async (field) => {
    const { app, lines } = appFor(fixed(world));
    const { status } = await ask(app, '/validate', named(field, 'x'.repeat(1_000_000)));
    expect(status).toBe(400);
    expect(JSON.stringify(lines).length).toBeLessThan(2000);
  });

  it('are truncated in the log if a user name is too long', async () => {
    const { app, lines } = appFor(fixed(world));
    const { status } = await ask(app, '/validate', named('userInfo', { username: 'x'.repeat(1_000_000) }));
    expect(status).toBe(200);
    expect(JSON.stringify(lines).length).toBeLessThan(2000);
  });

  it('share one series of a metric if the kind is unknown', async () => {
    const { app, metrics } = appFor(fixed(world));
    for (let number = 0; number < 50; number++)
      expect((await ask(app, '/validate', named('kind', `Kind${number}`))).status).toBe(200);
    const { values } = (await metrics.registry.getSingleMetric('iomesh_guard_decisions_total')!.get())!;
    expect(values).toHaveLength(1);
    expect(await metric(metrics, 'iomesh_guard_decisions_total', { kind: 'other' })).toBe(50);
  });
});
