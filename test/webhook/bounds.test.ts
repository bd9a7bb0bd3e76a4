/** What callers cannot do to log, metrics and audit log, and what they are told to the end. */
import { describe, expect, it } from 'vitest';
import { toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { appFor, ask, fixed, metric, reviewOf } from './support.ts';

const world = readWorld(caseText({ name: 'bounds' }), { name: 'bounds' });
const cluster = world.get('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1')!;
const management = world.get('IOMeshCluster', 'iomesh-system', 'iomesh')!;

describe('names', () => {
  const named = (field: string, value: unknown) => {
    const review = reviewOf({ after: cluster }) as { request: Record<string, unknown> };
    const kind = { group: 'iomesh.com', version: 'v1alpha1', kind: 'IOMeshCluster' };
    const more = field === 'kind' ? { kind: { ...kind, kind: value } } : { [field]: value };
    return { ...review, request: { ...review.request, operation: 'CONNECT', ...more } };
  };

  it.each(['kind', 'name', 'namespace', 'subResource'])('of any length are not taken: %s', async (field) => {
    const { app, lines } = appFor(fixed(world));
    const { status } = await ask(app, '/validate', named(field, 'x'.repeat(1_000_000)));
    expect(status).toBe(400);
    expect(JSON.stringify(lines).length).toBeLessThan(2000);
  });

  it('of users are cut: an identity provider may give long ones', async () => {
    const { app, lines } = appFor(fixed(world));
    const { status } = await ask(app, '/validate', named('userInfo', { username: 'x'.repeat(1_000_000) }));
    expect(status).toBe(200);
    expect(JSON.stringify(lines).length).toBeLessThan(2000);
  });

  it('of kinds that are none of ours share one series', async () => {
    const { app, metrics } = appFor(fixed(world));
    for (let number = 0; number < 50; number++)
      expect((await ask(app, '/validate', named('kind', `Kind${number}`))).status).toBe(200);
    const { values } = (await metrics.registry.getSingleMetric('iomesh_guard_decisions_total')!.get())!;
    expect(values).toHaveLength(1);
    expect(await metric(metrics, 'iomesh_guard_decisions_total', { kind: 'other' })).toBe(50);
  });
});

it('scaling is warned of, and the audit log says nothing else', async () => {
  const { app } = appFor(fixed(world));
  const scale = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'iomesh-cluster-1-zookeeper', namespace: 'iomesh-cluster-1' },
  };
  const review = reviewOf({ after: cluster, before: cluster }) as { request: Record<string, unknown> };
  const { response } = await ask(app, '/validate', {
    ...review,
    request: {
      ...review.request,
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      resource: { group: 'zookeeper.pravega.io', version: 'v1beta1', resource: 'zookeeperclusters' },
      subResource: 'scale',
      name: 'iomesh-cluster-1-zookeeper',
      object: { ...scale, spec: { replicas: 1 } },
      oldObject: { ...scale, spec: { replicas: 3 } },
    },
  });
  expect(response.allowed).toBe(true);
  expect(response.warnings?.join()).toContain('IOM603');
  expect(response.auditAnnotations).toEqual({ warned: expect.stringContaining('IOM603') });
});

it('an object that is terminating may be deleted once more', async () => {
  const { app } = appFor(fixed(world));
  const metadata = {
    ...(management.json['metadata'] as Record<string, string>),
    deletionTimestamp: '2026-11-28T00:00:00Z',
    finalizers: ['x/y'],
  };
  const terminating = toResource({ ...management.json, metadata })!;
  expect((await ask(app, '/validate', reviewOf({ before: management }))).response.allowed).toBe(false);
  expect((await ask(app, '/validate', reviewOf({ before: terminating }))).response.allowed).toBe(true);
});

it('the way out is told to its end, however many are in the way', async () => {
  // All that belongs to a pool: each object has a command of its own.
  const pool = world.resources.filter(({ key }) => key.includes('iomesh-cluster-1'));
  const pools = [1, 2, 3].flatMap((number) =>
    pool.map(({ json }) => {
      const text = JSON.stringify(json).replaceAll('iomesh-cluster-1', `another-cluster-${number}`);
      return toResource(JSON.parse(text))!;
    }),
  );
  const many = World.of({ resources: [management, ...pools], today: '2026-11-28' });
  const { response } = await ask(appFor(fixed(many)).app, '/validate', reviewOf({ before: management }));
  expect(response.status?.message).toMatch(/kubectl delete iomeshcluster iomesh -n iomesh-system$/);
});
