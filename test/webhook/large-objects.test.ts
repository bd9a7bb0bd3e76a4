/** Custom resources with more values than are evaluated. */
import { expect, it } from 'vitest';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { World } from '../../src/core/world.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { appFor, ask, fixed, reviewOf } from '../support/webhook.ts';

const world = readWorld(caseText({ name: 'large objects' }), { name: 'large objects' });
const stored = world.get('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1')!;
const COMPONENTS = ['meta', 'chunk', 'redirector'] as const;

/** The cluster with so many nodeSelectorTerms in each of three components. */
function withTerms(terms: number, labels: Record<string, string> = {}): Resource {
  const json = JSON.parse(JSON.stringify(stored.json));
  for (const each of COMPONENTS)
    json['spec'][each].podPolicy.affinity.nodeAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: Array.from({ length: terms }, (_, index) => ({
          matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [`${each}-${index}`] }],
        })),
      },
    };
  json['metadata'].labels = labels;
  return toResource(json)!;
}

it('is not evaluated, and the answer says why', async () => {
  const { app } = appFor(fixed(world));
  const review = reviewOf({ before: stored, after: withTerms(600) });
  const { response } = await ask(app, '/validate', review);
  expect(response).toMatchObject({ allowed: false, status: { code: 503 } });
  expect(response.status?.message).toBe(
    'cannot verify: the IOMeshCluster is too large to be evaluated completely: spec has more than 10000 values',
  );
  expect((await ask(app, '/mutate', review)).response).toMatchObject({ allowed: true });
});

it('is only warned of if the configuration only warns', async () => {
  const { app } = appFor(
    fixed(World.of({ ...world, resources: world.resources, config: { ...DEFAULT_CONFIG, mode: 'warn' } })),
    {
      config: { ...DEFAULT_CONFIG, mode: 'warn' },
    },
  );
  const { response } = await ask(app, '/validate', reviewOf({ before: stored, after: withTerms(600) }));
  expect(response).toMatchObject({ allowed: true, warnings: [expect.stringContaining('too large')] });
});

it('is not evaluated with more owners either', async () => {
  const json = JSON.parse(JSON.stringify(stored.json));
  json.metadata.ownerReferences = Array.from({ length: 10_000 }, (_, index) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', name: `owner-${index}`, uid: `${index}` },
  }));
  const { app } = appFor(fixed(world));
  const { response } = await ask(app, '/validate', reviewOf({ before: stored, after: toResource(json)! }));
  expect(response.status?.message).toContain('ownerReferences has more than 10000 values');
});

it('is evaluated below the limit', async () => {
  const { app } = appFor(fixed(world));
  const { response } = await ask(app, '/validate', reviewOf({ before: stored, after: withTerms(400) }));
  expect(response.status?.message ?? '').not.toContain('cannot verify');
  expect(response.status?.message ?? '').not.toContain('IOM006');
});

it('that is stored already can be made smaller and deleted, and its labels can be changed', async () => {
  const large = withTerms(600);
  const others = world.resources.filter(({ key }) => key !== stored.key);
  const { app } = appFor(fixed(World.of({ ...world, resources: [...others, large] })));
  const changes = [
    { before: large, after: withTerms(600, { team: 'a' }) },
    { before: large, after: stored },
    { before: large },
  ];
  for (const change of changes) {
    const { response } = await ask(app, '/validate', reviewOf(change));
    expect(response.status?.message ?? '').not.toContain('too large');
  }
});
